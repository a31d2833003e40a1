"""Net sales per company and item from the lake, with pandas and nothing else: python3 margin.py <folder of the lake>

Reads the files that files.json names, never a pattern: what is no part of the lake is not counted.
"""
import json
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd

lake = Path(sys.argv[1])
files = json.loads((lake / "files.json").read_text())["orders"]
columns = ["type", "tenant", "subject", "stream_version", "repeated", "fault", "data"]
events = pd.concat(pd.read_parquet(lake / file, columns=columns) for file in files)
events = events[~events["repeated"] & events["fault"].isna()]

# The newest content of each order: as placed, amended or released last. Two tenants may each have an order of the same id.
told = events[events["type"].isin(["order.placed", "order.amended", "order.released"])].sort_values("stream_version")
newest = told.groupby(["tenant", "subject"]).last()

rows = [
    {"tenant": tenant, "item": line["item"], "pieces": Decimal(line["quantity"]), "net": Decimal(line["net"]["shop"])}
    for (tenant, _), data in newest["data"].items()
    for line in json.loads(data)["content"]["lines"]
]
# Decimal, not float: these are amounts of money.
sales = pd.DataFrame(rows).groupby(["tenant", "item"], dropna=False)[["pieces", "net"]].sum().sort_index()
print(sales.to_csv(lineterminator="\n"), end="")
