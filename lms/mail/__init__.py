"""Mail: an outbox that leaves with the transaction, and the job that sends it."""
