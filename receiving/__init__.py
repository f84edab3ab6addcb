"""Mail that comes back to the database: reports of receivers, and proofs.

``gateway`` takes it, ``queue`` keeps it as it came, ``reading`` reads it later, ``reporter`` says who sent a report, ``counting``
what it counts for, ``storing`` adds it up; ``addresses`` are those that it comes to.
"""
