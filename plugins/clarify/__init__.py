"""What the monitors of bias and of attributions share: the conventions of Clarify's configuration."""
