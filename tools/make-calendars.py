"""Writes the calendars of configs/calendars that have holidays.

Usage: pip install pandas_market_calendars==5.5.0 exchange_calendars==4.13.2; python tools/make-calendars.py

Holidays and early closes come from pandas_market_calendars (MIT); what it has wrong is set right below, with the reason.
"""
import json
import pathlib

import pandas
import pandas_market_calendars

FIRST, LAST = "2013-01-01", "2027-12-31"
FOLDER = pathlib.Path(__file__).parent.parent / "configs" / "calendars"


def holidays(name, regular_close):
    """Weekdays without a session, and the sessions that end early, as seen in the exchange's own zone."""
    calendar = pandas_market_calendars.get_calendar(name)
    closes = calendar.schedule(FIRST, LAST)["market_close"].dt.tz_convert(calendar.tz)
    dates = [str(day.date()) for day in closes.index]
    times = closes.dt.strftime("%H:%M")
    weekdays = [str(day.date()) for day in pandas.bdate_range(FIRST, LAST)]
    early = {date: time for date, time in zip(dates, times) if time != regular_close}
    return sorted(set(weekdays) - set(dates)), early


def write(calendar):
    (FOLDER / f"{calendar['id']}.json").write_text(json.dumps(calendar, indent=2) + "\n")


closed, early = holidays("CME Globex Equity", "16:00")
# CME trades until 08:15 on a Good Friday only when the employment report is published on it: not in these years.
for date in ("2024-03-29", "2025-04-18", "2027-03-26"):
    early.pop(date)
    closed.append(date)
# National days of mourning: trading ended at 08:30.
early["2018-12-05"] = early["2025-01-09"] = "08:30"
weekdays = [1, 2, 3, 4, 5]
write({
    "id": "cme-equity",
    "zone": "America/Chicago",
    "source": "CME equity index futures on Globex; holidays from pandas_market_calendars 5.5.0 (MIT), corrected in tools/make-calendars.py",
    "known": {"from": FIRST, "to": LAST},
    "eras": [
        {"from": "2012-11-19", "days": weekdays, "open": "17:00", "opens_day_before": True, "close": "16:15", "halts": [{"from": "15:15", "to": "15:30"}]},
        {"from": "2015-09-21", "days": weekdays, "open": "17:00", "opens_day_before": True, "close": "16:00", "halts": [{"from": "15:15", "to": "15:30"}]},
        {"from": "2021-06-28", "days": weekdays, "open": "17:00", "opens_day_before": True, "close": "16:00", "halts": []},
    ],
    "closed": sorted(closed),
    "early": dict(sorted(early.items())),
})

closed, early = holidays("NYSE", "16:00")
write({
    "id": "us-equity",
    "zone": "America/New_York",
    "source": "NYSE and Nasdaq regular hours; holidays from pandas_market_calendars 5.5.0 (MIT)",
    "known": {"from": FIRST, "to": LAST},
    "eras": [{"from": "1985-01-01", "days": weekdays, "open": "09:30", "close": "16:00"}],
    "closed": closed,
    "early": early,
})
