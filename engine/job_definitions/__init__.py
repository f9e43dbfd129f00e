"""SageMaker's job definitions and monitoring schedules, read and turned into what runs here (contract 9.5 to 9.7)."""
