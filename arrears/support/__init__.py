"""支持起诉: the worker stays the plaintiff, and somebody stands behind. From the application to the body that supports."""
