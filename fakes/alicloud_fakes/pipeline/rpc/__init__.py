"""The RPC protocol: actions in parameters or headers, signed in version 1 or 3, answered in JSON or XML."""
