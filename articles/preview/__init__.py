"""The one door between desk and front: what is not public yet, on the readers' own page.

``page`` makes it, ``inside`` shows it to the newsroom, ``outside`` to whoever holds a link.
"""
