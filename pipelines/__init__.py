"""Order: what happens when; the only folder that knows Dagster."""
