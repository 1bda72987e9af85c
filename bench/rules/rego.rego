package bench

default allow := false

allow if {
	scope := data.scopes[input.resource]
	role := data.roles[scope][input.principal]
	data.actions[role][input.action]
}
