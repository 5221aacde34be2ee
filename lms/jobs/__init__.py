"""Work in the background: declared jobs, the queue, workers and the one scheduler."""
