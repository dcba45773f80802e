"""The way back after an update that was interrupted: what was made in the cloud and is not in the state.

The engine writes a resource into the state when the provider has answered. An engine that is killed before, or an
answer that is lost on its way, leaves something in the account that no stack knows: the next update is refused with
EntityAlreadyExists, an access key has a secret that nobody holds, a login has a password that nobody knows.

`stack` reads what the engine says, `kinds` knows each resource type, `planning` decides (pure), `editing` puts what was
decided into a state (pure), `engine` and `accounts` are the two doors to the outside, and `recovering` runs it all.
"""
