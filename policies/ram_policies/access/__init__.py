"""Access in any number of Alibaba Cloud accounts: who can do what, by which way, and under which conditions.

model = from_documents(json.loads(text))          # or `stack_model.from_stack`, `preview_model.read_plan`
Explorer(model).who_can("ecs:StopInstance", "acs:ecs:cn-hangzhou:11223344:instance/i-1")
difference(before, after).lines()
"""
