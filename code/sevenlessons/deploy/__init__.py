"""A trained model leaves the notebook: bundles, predictors, a web app."""
