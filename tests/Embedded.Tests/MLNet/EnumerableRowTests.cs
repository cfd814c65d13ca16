using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class EnumerableRowTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Everything
    {
        public bool Flag { get; set; }
        public sbyte Int8 { get; set; }
        public byte UInt8;
        public short Int16 { get; set; }
        public ushort UInt16 { get; set; }
        public int Int32 { get; set; }
        public uint UInt32;
        public long Int64 { get; set; }
        public ulong UInt64 { get; set; }
        public float Single { get; set; }
        public double Double;
        public string? Text { get; set; }
        public ReadOnlyMemory<char> Memory { get; set; }
        public DateTime Time { get; set; }
        public DateTimeOffset Offset { get; set; }
        public TimeSpan Span { get; set; }
        public DataViewRowId Id { get; set; }

        [VectorType(3)]
        public float[]? Fixed { get; set; }

        public int[]? Variable { get; set; }

        [VectorType(2, 2)]
        public double[]? Matrix;

        public string[]? Words { get; set; }

        public VBuffer<float> Buffer { get; set; }

        [ColumnName("Renamed")]
        public int Other { get; set; }

        [NoColumn]
        public object? Hidden { get; set; }

        public int this[int index] => index;
    }

    private static Everything Sample(int n) => new()
    {
        Flag = n % 2 == 0,
        Int8 = (sbyte)-n,
        UInt8 = (byte)n,
        Int16 = (short)(-n * 100),
        UInt16 = (ushort)(n * 100),
        Int32 = -n * 100_000,
        UInt32 = (uint)n * 100_000,
        Int64 = -n * 10_000_000_000L,
        UInt64 = (ulong)n * 10_000_000_000UL,
        Single = n + 0.5f,
        Double = n + 0.25,
        Text = $"text {n}",
        Memory = $"memory {n}".AsMemory(),
        Time = new DateTime(2020, 1, 1).AddDays(n),
        Offset = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(n)),
        Span = TimeSpan.FromSeconds(n),
        Id = new DataViewRowId((ulong)n, 7),
        Fixed = [n, n + 1, n + 2],
        Variable = [.. Enumerable.Range(0, n)],
        Matrix = [n, 2, 3, 4],
        Words = [.. Enumerable.Range(0, n).Select(i => $"word {i}")],
        Buffer = new VBuffer<float>(10, 2, [n, 2f], [3, 7]),
        Other = n,
    };

    [Fact]
    public void Members_become_columns_fields_first()
    {
        var schema = _ml.Data.LoadFromEnumerable([Sample(1)]).Schema;

        Assert.Equal(
            "UInt8:Byte, UInt32:UInt32, Double:Double, Matrix:Vector<Double, 2, 2>, Flag:Boolean, Int8:SByte, Int16:Int16, UInt16:UInt16, Int32:Int32, " +
            "Int64:Int64, UInt64:UInt64, Single:Single, Text:String, Memory:String, Time:DateTime, Offset:DateTimeOffset, Span:TimeSpan, Id:DataViewRowId, " +
            "Fixed:Vector<Single, 3>, Variable:Vector<Int32>, Words:Vector<String>, Buffer:Vector<Single>, Renamed:Int32",
            string.Join(", ", schema.Select(column => $"{column.Name}:{column.Type}")));
    }

    [Fact]
    public void Objects_survive_the_way_through_a_view()
    {
        var data = _ml.Data.LoadFromEnumerable([Sample(1), Sample(2), Sample(0)]);
        var rows = _ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: false).ToArray();

        Assert.Equal(3, rows.Length);
        for (int i = 0; i < 3; i++)
        {
            var (want, got) = (Sample(i == 2 ? 0 : i + 1), rows[i]);
            Assert.Equal(
                (want.Flag, want.Int8, want.UInt8, want.Int16, want.UInt16, want.Int32, want.UInt32),
                (got.Flag, got.Int8, got.UInt8, got.Int16, got.UInt16, got.Int32, got.UInt32));
            Assert.Equal((want.Int64, want.UInt64, want.Single, want.Double, want.Text), (got.Int64, got.UInt64, got.Single, got.Double, got.Text));
            Assert.Equal((want.Memory.ToString(), want.Time, want.Offset, want.Span), (got.Memory.ToString(), got.Time, got.Offset, got.Span));
            Assert.Equal((want.Id, want.Other), (got.Id, got.Other));
            Assert.Equal(want.Fixed, got.Fixed);
            Assert.Equal(want.Variable, got.Variable ?? []);
            Assert.Equal(want.Matrix, got.Matrix);
            Assert.Equal(want.Words, got.Words ?? []);
            Assert.Equal(want.Buffer.DenseValues(), got.Buffer.DenseValues());
            Assert.False(got.Buffer.IsDense);
        }
    }

    [Fact]
    public void Rows_share_nothing_unless_asked_to()
    {
        var data = _ml.Data.LoadFromEnumerable([Sample(1), Sample(2)]);
        var apart = _ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: false).ToArray();
        var together = _ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: true).ToArray();

        Assert.NotSame(apart[0], apart[1]);
        Assert.NotSame(apart[0].Fixed, apart[1].Fixed);
        Assert.Equal([1f, 2f], [apart[0].Buffer.GetValues()[0], apart[1].Buffer.GetValues()[0]]);
        Assert.Same(together[0], together[1]);
        Assert.Equal(2, together[0].Other);
    }

    [Fact]
    public void Null_text_becomes_empty_text_and_null_arrays_empty_vectors()
    {
        var data = _ml.Data.LoadFromEnumerable([new Everything()]);

        Assert.Equal([""], data.GetColumn<string>("Text"));
        Assert.Empty(data.GetColumn<string[]>("Words").Single());
        Assert.Empty(data.GetColumn<int[]>("Variable").Single());
        Assert.Equal(0, data.GetColumn<VBuffer<float>>("Fixed").Single().Length);
    }

    private sealed class Arrays
    {
        public int[]? Numbers { get; set; }

        public string[]? Words { get; set; }

        public int[] Initialized { get; set; } = [];
    }

    [Fact]
    public void A_member_that_is_null_stays_null_for_an_empty_vector()
    {
        var data = _ml.Data.LoadFromEnumerable([new Arrays { Numbers = [], Words = [] }, new Arrays { Numbers = [1], Words = ["a"], Initialized = [2] }]);
        var rows = _ml.Data.CreateEnumerable<Arrays>(data, false).ToArray();

        Assert.Null(rows[0].Numbers);
        Assert.Null(rows[0].Words);
        Assert.Empty(rows[0].Initialized);
        Assert.Equal([1], rows[1].Numbers!);
        Assert.Equal(["a"], rows[1].Words!);
        Assert.Equal([2], rows[1].Initialized);
    }

    private sealed class Keys
    {
        [KeyType(3)]
        public uint Key { get; set; }

        [KeyType(3)]
        [VectorType(2)]
        public byte[] Vector { get; set; } = [];
    }

    [Fact]
    public void Keys_of_objects_count_from_zero_and_keys_of_columns_from_one()
    {
        var data = _ml.Data.LoadFromEnumerable(new uint[] { 0, 1, 2, 3, 9 }.Select(key => new Keys { Key = key, Vector = [0, (byte)key] }));

        Assert.Equal("Key<UInt32, 0-2>", data.Schema["Key"].Type.ToString());
        Assert.Equal([1u, 2u, 3u, 0u, 0u], data.GetColumn<uint>("Key"));
        // Items of vectors are taken as they are.
        Assert.Equal([0, 9], data.GetColumn<byte[]>("Vector").Last());
    }

    private sealed class NullableMember
    {
        public int? Value { get; set; }
    }

    private sealed class ObjectMember
    {
        public object? Value { get; set; }
    }

    private sealed class BadKey
    {
        [KeyType(3)]
        public float Value { get; set; }
    }

    private sealed class BadVector
    {
        [VectorType(3)]
        public float Value { get; set; }
    }

    private sealed class TwoOfOneName
    {
        public float Value { get; set; }

        [ColumnName("Value")]
        public float Other { get; set; }
    }

    [Fact]
    public void Members_that_no_column_can_hold_are_refused_by_name()
    {
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable<NullableMember>([])).Message);
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable<ObjectMember>([])).Message);
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable<BadKey>([])).Message);
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable<BadVector>([])).Message);
        Assert.Contains("'Value'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable<TwoOfOneName>([])).Message);
        Assert.Throws<ArgumentNullException>(() => _ml.Data.LoadFromEnumerable<Keys>(null!));
    }

    private sealed class Pair
    {
        public float A { get; set; }

        public string B { get; set; } = "";
    }

    private sealed class PairAndMore
    {
        public float A { get; set; }

        public int Missing { get; set; } = 5;
    }

    private sealed class WrongType
    {
        public double A { get; set; }
    }

    [Fact]
    public void Columns_that_do_not_fit_the_type_are_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair { A = 1, B = "b" }]);

        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<PairAndMore>(data, false).ToList()).Message);
        Assert.Equal(5, _ml.Data.CreateEnumerable<PairAndMore>(data, false, ignoreMissingColumns: true).Single().Missing);
        Assert.Contains("'A'", Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<WrongType>(data, false).ToList()).Message);
    }

    [Fact]
    public void A_null_row_is_an_error_when_it_is_reached()
    {
        var data = _ml.Data.LoadFromEnumerable(new Pair[] { new(), null! });
        using var cursor = data.GetRowCursor(data.Schema);

        Assert.True(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => cursor.MoveNext());
    }

    [Fact]
    public void Rows_are_enumerated_lazily_and_anew_by_each_cursor()
    {
        int made = 0;
        IEnumerable<Pair> Rows()
        {
            for (int i = 0; i < 5; i++)
            {
                made++;
                yield return new Pair { A = i };
            }
        }

        var data = _ml.Data.LoadFromEnumerable(Rows());
        Assert.Equal(0, made);
        Assert.Null(data.GetRowCount());
        using (var cursor = data.GetRowCursor(data.Schema))
        {
            Assert.Equal(-1, cursor.Position);
            Assert.True(cursor.MoveNext());
            Assert.Equal(0, cursor.Position);
            Assert.Equal(1, made);
        }
        Assert.Equal(5, data.GetColumn<float>("A").Count());
        Assert.Equal(6, made);
        Assert.Equal(2, _ml.Data.LoadFromEnumerable(new List<Pair> { new(), new() }).GetRowCount());
    }

    [Fact]
    public void Inactive_columns_wrong_types_and_rows_not_reached_are_errors()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair()]);
        using var cursor = data.GetRowCursor([data.Schema["A"]]);

        Assert.True(cursor.IsColumnActive(data.Schema["A"]));
        Assert.False(cursor.IsColumnActive(data.Schema["B"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["B"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["A"]));
        Assert.Throws<InvalidOperationException>(() =>
        {
            DataViewRowId id = default;
            cursor.GetIdGetter()(ref id);
        });
    }
}
