"""Duties of the clock that concern the task queue; what a task does is none of its business."""
