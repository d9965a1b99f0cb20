"""Writes the binary fixtures of this folder: python3 gen.py

Needs numpy 2, pandas 2 or later, pyarrow, h5py, tables, openpyxl, xlsxwriter and duckdb. The
values that the tests expect stand in the tests; this file says what was written.
"""
import datetime as dt
import decimal
import gzip
import os
import sys
import warnings

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


def typed_table():
    """One column a type, three rows, the second all null."""
    d = decimal.Decimal
    utc = dt.timezone.utc
    moment = dt.datetime(2024, 2, 29, 12, 30, 15, 250000)
    cols = [
        ("int8", pa.array([1, None, -128], pa.int8())),
        ("uint32", pa.array([1, None, 2**32 - 1], pa.uint32())),
        ("int64", pa.array([2**53, None, -(2**53)], pa.int64())),
        ("wide", pa.array([2**53 + 1, None, -5], pa.int64())),
        ("uint64", pa.array([2**64 - 1, None, 0], pa.uint64())),
        ("half", pa.array([np.float16(1.5), None, np.float16(-0.25)], pa.float16())),
        ("float", pa.array([0.1, None, -2.5], pa.float32())),
        ("double", pa.array([0.1, None, 1e300], pa.float64())),
        ("bool", pa.array([True, None, False])),
        ("date", pa.array([dt.date(2024, 2, 29), None, dt.date(1969, 12, 31)])),
        ("ms", pa.array([moment, None, dt.datetime(1969, 12, 31, 23, 59, 59)], pa.timestamp("ms"))),
        ("us", pa.array([moment.replace(tzinfo=utc), None, dt.datetime(1970, 1, 1, tzinfo=utc)], pa.timestamp("us", "UTC"))),
        ("ns", pa.array([1709209815250000000, None, -1000000000], pa.timestamp("ns"))),
        ("time", pa.array([dt.time(13, 5, 0, 500000), None, dt.time(0, 0)], pa.time64("us"))),
        ("money", pa.array([d("1234.56"), None, d("-0.01")], pa.decimal128(12, 2))),
        ("key", pa.array([d("123456789012345678901234567890"), None, d("-7")], pa.decimal128(38, 0))),
        ("string", pa.array(["a", None, "ü€"])),
        ("large", pa.array(["x", None, ""], pa.large_string())),
        ("binary", pa.array([b"\xff\x00", None, b"text"], pa.binary())),
        ("dictionary", pa.array(["low", None, "low"]).dictionary_encode()),
        ("nothing", pa.nulls(3)),
        ("point", pa.array([{"x": 1, "at": {"y": "p"}}, None, {"x": None, "at": None}],
                           pa.struct([("x", pa.int64()), ("at", pa.struct([("y", pa.string())]))]))),
        ("list", pa.array([[1, 2, None], None, []], pa.list_(pa.int64()))),
        ("deep", pa.array([[["a"], [], None, ["b", "c"]], None, [[]]], pa.list_(pa.list_(pa.string())))),
        ("chat", pa.array([[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello\nyou"}], None, []],
                          pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])))),
        ("map", pa.array([[("k", 1.5), ("l", None)], None, []], pa.map_(pa.string(), pa.float64()))),
        ("tags", pa.array([[{"n": 1, "s": ["x", "y"]}], None, [{"n": None, "s": None}]],
                          pa.list_(pa.struct([("n", pa.int32()), ("s", pa.list_(pa.string()))])))),
    ]
    return pa.table([c for _, c in cols], names=[n for n, _ in cols])


def write_parquet():
    table = typed_table()
    pq.write_table(table, path("typed_v1.parquet"), compression="snappy", use_dictionary=True, data_page_version="1.0")
    pq.write_table(table, path("typed_v2.parquet"), compression="zstd", use_dictionary=False, data_page_version="2.0",
                   write_statistics=False)
    old = pa.table({"at": pa.array([1709209815250000000, None, -1000000000], pa.timestamp("ns"))})
    pq.write_table(old, path("int96.parquet"), use_deprecated_int96_timestamps=True)


def write_arrow():
    table = typed_table()
    views = {"string": pa.string_view(), "binary": pa.binary_view()}
    for name, typ in views.items():
        table = table.append_column(name + "_view", table.column(name).cast(typ))
    table = table.append_column("runs", pa.RunEndEncodedArray.from_arrays(pa.array([1, 2, 3], pa.int32()), pa.array(["r", None, "s"])))
    table = table.append_column("span", pa.array([1500, None, -1], pa.duration("ms")))
    for name, codec in [("typed.arrow", None), ("typed_zstd.arrow", "zstd")]:
        with pa.ipc.new_file(path(name), table.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as w:
            w.write_table(table, max_chunksize=2)
    with pa.ipc.new_stream(path("typed_lz4.arrows"), table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as w:
        w.write_table(table, max_chunksize=2)


def write_excel():
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "first"
    names = ["date", "datetime", "clock", "span", "percent", "formula", "merged", "bool", "error", "code", "text", "n/a", "mixed"]
    ws.append(names)
    for i in range(4):
        ws.append([dt.date(2020, 2, 29 - i), dt.datetime(2020, 2, 29, 13, 45, 1, 500000), dt.time(13, 5), dt.timedelta(hours=30),
                   0.1 + i, None, "M", i % 2 == 0, 1.5, f"0012{i}", f"<a & 'ü'> \"q\" _x0041_ {i}", "#N/A", i])
    ws["E2"].number_format = "0.0%"
    ws["A3"].number_format = "[$-409]mmm\\ d\\,\\ yyyy;@"
    ws["I3"] = "#DIV/0!"
    ws["J3"], ws["A3"] = None, None
    ws["K4"] = "line\nbreak"
    ws["M5"] = "x"
    ws.merge_cells("G2:G4")
    ws["B9"] = dt.datetime(1900, 1, 1)  # after empty rows; as a serial below 60
    ws["Z9"] = "beside"
    for i in range(10):
        ws.cell(10 + i, 13, i)
    second = wb.create_sheet("second")
    second["C3"], second["D3"] = "a", "b"
    for i in range(3):
        second.cell(4 + i, 3, i)
        second.cell(4 + i, 4, i / 2)
    wb.create_sheet("empty")
    wb.save(path("cells.xlsx"))
    wb = openpyxl.Workbook()
    wb.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    wb.active.append(["d"])
    wb.active.append([dt.date(2020, 2, 29)])
    wb.active.append([dt.date(1904, 1, 1)])
    wb.save(path("since1904.xlsx"))
    frame = pd.DataFrame({"x": [0.1, None, 1e-20], "s": ["a", None, "b"], "t": pd.date_range("2024-01-01", periods=3, freq="h")})
    with pd.ExcelWriter(path("pandas.xlsx"), engine="xlsxwriter") as w:  # shared strings, a formula with its value
        frame.to_excel(w, index=False)
        bold = w.book.add_format({"bold": True})
        w.sheets["Sheet1"].write_formula("D2", "=A2*2", None, 0.2)
        w.sheets["Sheet1"].write_formula("D3", '=B2&"!"', None, "a!")
        w.sheets["Sheet1"].write_rich_string("B3", "rich ", bold, "te", "xt")
        w.sheets["Sheet1"].write("D1", "computed")


def frame():
    """What every pandas layout holds: seven rows, nulls where the type has them."""
    n = 7
    f = pd.DataFrame({
        "x": [0.5, None, 2.5, -1.0, 1e300, 0.1, 3.0],
        "y": np.arange(n) * 1.5,
        "i": np.arange(n) * 10**12,
        "small": np.arange(n).astype("i1"),
        "s": ["a", None, "ü", "nan?", "", "long text", "b"],
        "t": pd.date_range("2024-02-29", periods=n, freq="12h"),
        "b": [True, False, True, True, False, False, True],
    })
    f.loc[3, "t"] = pd.NaT
    return f


def write_pandas():
    f = frame()
    f["c"] = pd.Categorical(["low", "high", None, "low", "low", "high", "high"], categories=["low", "high"])
    fixed = f.drop(columns=["c"])
    fixed["s"] = fixed["s"].astype(object)
    fixed["u"] = pd.Series(["p", None, "q", 5, True, "r", np.nan], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the strings are pickled
        fixed.to_hdf(path("fixed.h5"), key="df", format="fixed", complib="zlib", complevel=9)
    table = f.copy()
    table["s"] = table["s"].astype(object)
    table.to_hdf(path("table.h5"), key="data/df", format="table", index=False, complib="bzip2", complevel=9)
    table.index = pd.date_range("2020-01-01", periods=7, name="day")
    table.to_hdf(path("columns.h5"), key="df", format="table", data_columns=True, index=False, complib="blosc:zstd", complevel=5)
    if os.path.exists(path("codecs.h5")):
        os.remove(path("codecs.h5"))
    many = pd.DataFrame({"x": np.arange(3000) % 7 / 4, "i": np.arange(3000)})
    for lib in ["zlib", "bzip2", "blosc:lz4", "blosc:blosclz", "blosc:zlib", "blosc:zstd", "blosc:snappy"]:
        try:
            many.to_hdf(path("codecs.h5"), key=lib.replace(":", "_"), format="table", complib=lib, complevel=9, index=False)
        except ValueError as e:
            print(e)  # a build without snappy


def chunks(f):
    """Every index of chunks and every filter of h5py, each with the same rows."""
    n = 100
    c = np.round(np.sin(np.arange(n * 6).reshape(n, 6)), 2)
    i = (np.arange(n * 6) // 7).reshape(n, 6).astype("i4")
    put = f.create_dataset
    put("plain", data=c)
    put("single", data=c, chunks=c.shape, compression="gzip")
    put("implicit", data=c, chunks=(30, 6))
    put("fixed", data=c, chunks=(30, 5), compression="gzip", shuffle=True)
    put("paged", data=np.arange(1500) % 100, dtype="i1", chunks=(1,))
    put("grows", data=c, chunks=(7, 6), maxshape=(None, 6), fletcher32=True)
    put("grows_far", data=c[:, 0].repeat(6), chunks=(2,), maxshape=(None,), compression="gzip")
    put("both", data=c, chunks=(50, 4), maxshape=(None, None), compression="gzip")
    put("both_raw", data=c, chunks=(50, 4), maxshape=(None, None))
    put("big_endian", data=c.astype(">f8"), chunks=(64, 6), compression="lzf", shuffle=True)
    put("scale_i", data=i - 50, chunks=(100, 6), scaleoffset=0)
    put("scale_f", data=c, chunks=(100, 6), scaleoffset=2)
    sparse = put("sparse", shape=(n, 6), dtype="i4", chunks=(20, 6), maxshape=(None, 6), fillvalue=7)
    sparse[30:50] = i[30:50]
    put("never", shape=(n, 6), dtype="f4", fillvalue=1.5)


def write_h5py():
    for name, version in [("chunks_v1.h5", "earliest"), ("chunks_v3.h5", "latest")]:
        with h5py.File(path(name), "w", libver=version) as f:
            chunks(f)
            for k in range(40):
                f["plain"].attrs[f"a{k}"] = k
            for k in range(30):
                f[f"many/d{k:02d}"] = np.arange(3.0) + k
    with h5py.File(path("types.h5"), "w") as f:
        put = f.create_dataset
        for t in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2", ">u8", "f2", "f4", "f8", ">f4"]:
            lo, hi = (np.iinfo(t).min, np.iinfo(t).max) if t[-2] in "iu" else (-0.5, 1.5)
            put("t_" + t.replace(">", "be_"), data=np.array([1, lo, hi], dtype=t))
        put("bool", data=np.array([True, False, True]))
        level = h5py.enum_dtype({"low": 1, "high": 2}, basetype="i2")
        put("level", data=np.array([2, 1, 3], dtype="i2"), dtype=level)
        put("s5", data=np.array([b"ab", b"", b"exact"], dtype="S5"))
        put("utf8", data=np.array(["ä", "b", ""], dtype=object), dtype=h5py.string_dtype())
        lists = put("lists", (3,), dtype=h5py.vlen_dtype("i4"))
        lists[0], lists[2] = [1, 2], [3]
        put("c", data=np.array([1 + 2j, 0, -1j]))
        put("refs", data=np.array([f["s5"].ref] * 3, dtype=h5py.ref_dtype))
        put("matrix", data=np.arange(6).reshape(3, 2))
        put("scalar", data=3.5)
        put("cube", data=np.zeros((3, 2, 2)))
        f["again"] = f["s5"]
        f["soft"] = h5py.SoftLink("/s5")
        f["loop"] = f["/"]
    with h5py.File(path("records.h5"), "w") as f:
        typ = np.dtype([("id", "<i8"), ("at", [("x", "<f4"), ("y", "<f8")]), ("v", "<f8", (2,)), ("name", "S4"), ("ok", "?"), ("text", h5py.string_dtype())])
        r = np.zeros(5, typ)
        r["id"] = np.arange(5) * 2**52
        r["at"]["x"], r["at"]["y"], r["v"] = 0.5, np.arange(5), np.arange(10).reshape(5, 2)
        r["name"], r["ok"], r["text"] = b"nm", [1, 0, 1, 1, 0], ["t%d" % i for i in range(5)]
        f.create_dataset("deep/er/t", data=r, chunks=(2,), compression="gzip", shuffle=True)
    with h5py.File(path("split.h5"), "w") as f:
        f["train/X"], f["train/y"] = np.arange(8.0).reshape(4, 2), np.arange(4)
        f["test/X"], f["test/y"] = np.arange(4.0).reshape(2, 2), np.arange(2)
    with h5py.File(path("virtual.h5"), "w") as f:
        layout = h5py.VirtualLayout(shape=(4,), dtype="i4")
        layout[:4] = h5py.VirtualSource("other.h5", "x", shape=(4,))
        f.create_virtual_dataset("x", layout)
    with h5py.File(path("szip.h5"), "w") as f:
        f.create_dataset("x", data=np.arange(100), chunks=(50,), compression="szip")
    with h5py.File(path("petabytes.h5"), "w") as f:  # declared, none of it is there
        f.create_dataset("x", shape=(10**15,), dtype="f8", chunks=(1 << 20,), compression="gzip")
    with h5py.File(path("large.h5"), "w") as f:  # chunks of 10 MiB, the last one not full
        x = (np.arange(13_000_000) % 1000).astype("i4")
        f.create_dataset("x", data=x, chunks=(2_621_440,), compression="gzip", shuffle=True)


def write_duckdb():
    """The same four rows as Parquet, CSV and JSON lines, as DuckDB writes them."""
    import duckdb
    c = duckdb.connect()
    c.execute("""create table t as select * from (values
        (1::integer, 1.5::double, 'a,"b"', date '2024-02-29', timestamp '2024-02-29 12:30:15.25', true, 12.34::decimal(9,2), [1, 2], {'x': 1, 'y': 'p'}),
        (null, null, null, null, null, null, null, null, null),
        (-7, -0.1, '', date '1969-12-31', timestamp '1969-12-31 23:59:59', false, -0.05, [], {'x': null, 'y': 'q'}),
        (2147483647, 1e300, 'ü€\n', date '2000-01-01', timestamp '2000-01-01 00:00:00', true, 0, [3], {'x': 2, 'y': null})
        ) v(i, d, s, day, moment, ok, money, list, point)""")
    c.execute(f"copy t to '{path('duckdb.parquet')}' (format parquet, compression zstd)")
    c.execute(f"copy (select i, d, s, day, moment, ok, money from t) to '{path('duckdb.csv')}' (format csv, header)")
    c.execute(f"copy (select i, d, s, day, moment, ok, money, point from t) to '{path('duckdb.jsonl')}' (format json)")
    pd.DataFrame({"i": [1, None, -7], "s": ["a,b", None, ""], "at": pd.to_datetime(["2024-02-29 12:30:15.25", None, "1969-12-31"], format="ISO8601"),
                  "ok": [True, None, False]}).to_csv(path("pandas.csv"))


def pack():
    """HDF5 files are mostly empty: keep them compressed."""
    for name in sorted(os.listdir(HERE)):
        if name.endswith(".h5"):
            with open(path(name), "rb") as f, open(path(name + ".gz"), "wb") as g:
                g.write(gzip.compress(f.read(), 9, mtime=0))
            os.remove(path(name))


def main(which):
    for name in which or ["parquet", "arrow", "excel", "pandas", "h5py", "duckdb"]:
        globals()["write_" + name]()
    pack()


if __name__ == "__main__":
    main(sys.argv[1:])
