"""Discovery, linking and reachability: everything of one project, joined into the model that rules ask."""
