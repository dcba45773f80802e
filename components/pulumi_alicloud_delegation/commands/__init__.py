"""Commands of the command line `access` about offers, contracts and teams; `access_cli.families` finds them."""
