"""What runs by itself: the schedule, the steps, the worker's loop."""
