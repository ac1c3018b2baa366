"""Invented elections under a law: everything that follows from the law follows from its file, the rest is assumed."""

from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.report import ChamberReport, SimulationReport
from suffrage.simulation.run import simulate, usual_polling_day

__all__ = ["Assumptions", "ChamberReport", "SimulationReport", "simulate", "usual_polling_day"]
