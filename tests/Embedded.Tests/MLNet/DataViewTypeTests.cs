using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class DataViewTypeTests
{
    public static TheoryData<DataViewType, Type, string> Types => new()
    {
        { TextDataViewType.Instance, typeof(ReadOnlyMemory<char>), "String" },
        { BooleanDataViewType.Instance, typeof(bool), "Boolean" },
        { NumberDataViewType.Single, typeof(float), "Single" },
        { NumberDataViewType.Byte, typeof(byte), "Byte" },
        { NumberDataViewType.Int64, typeof(long), "Int64" },
        { DateTimeDataViewType.Instance, typeof(DateTime), "DateTime" },
        { DateTimeOffsetDataViewType.Instance, typeof(DateTimeOffset), "DateTimeOffset" },
        { TimeSpanDataViewType.Instance, typeof(TimeSpan), "TimeSpan" },
        { RowIdDataViewType.Instance, typeof(DataViewRowId), "DataViewRowId" },
        { new KeyDataViewType(typeof(uint), 10), typeof(uint), "Key<UInt32, 0-9>" },
        { new VectorDataViewType(NumberDataViewType.Single, 3), typeof(VBuffer<float>), "Vector<Single, 3>" },
        { new VectorDataViewType(TextDataViewType.Instance), typeof(VBuffer<ReadOnlyMemory<char>>), "Vector<String>" },
        { new VectorDataViewType(NumberDataViewType.Int32, 2, 0), typeof(VBuffer<int>), "Vector<Int32, 2, *>" },
        { new VectorDataViewType(new KeyDataViewType(typeof(byte), 2), 2, 3), typeof(VBuffer<byte>), "Vector<Key<Byte, 0-1>, 2, 3>" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Types_tell_what_they_hold(DataViewType type, Type rawType, string text)
    {
        Assert.Equal(rawType, type.RawType);
        Assert.Equal(text, type.ToString());
        Assert.All(Types, row => Assert.Equal(text == (string)((object[])row)[2], type.Equals((DataViewType)((object[])row)[0])));
    }

    [Fact]
    public void Equal_types_have_equal_hashes()
    {
        Assert.Equal(new KeyDataViewType(typeof(ulong), 5).GetHashCode(), new KeyDataViewType(typeof(ulong), 5UL).GetHashCode());
        Assert.Equal(
            new VectorDataViewType(NumberDataViewType.Int32, 2, 3).GetHashCode(), new VectorDataViewType(NumberDataViewType.Int32, ImmutableArray.Create(2, 3)).GetHashCode());
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Int32, 6), new VectorDataViewType(NumberDataViewType.Int32, 2, 3));
    }

    [Fact]
    public void Vectors_know_their_size()
    {
        Assert.Equal(6, new VectorDataViewType(NumberDataViewType.Int32, 2, 3).Size);
        Assert.False(new VectorDataViewType(NumberDataViewType.Int32, 2, 0).IsKnownSize);
        Assert.Throws<OverflowException>(() => new VectorDataViewType(NumberDataViewType.Int32, int.MaxValue, 3));
        Assert.ThrowsAny<ArgumentException>(() => new VectorDataViewType(NumberDataViewType.Int32, -1));
        Assert.ThrowsAny<ArgumentException>(() => new VectorDataViewType(NumberDataViewType.Int32, 2, -1));
        Assert.ThrowsAny<ArgumentException>(() => new VectorDataViewType(null, 2));
    }

    [Theory]
    [InlineData(typeof(int), 5)]
    [InlineData(typeof(byte), 256)]
    [InlineData(typeof(uint), 0)]
    [InlineData(typeof(uint), -1)]
    public void Keys_are_small_unsigned_numbers(Type type, int count) =>
        Assert.ThrowsAny<ArgumentException>(() => new KeyDataViewType(type, count));

    [Fact]
    public void Row_ids_mix_as_in_every_other_process()
    {
        var id = new DataViewRowId(1, 2);
        Assert.Equal("00000000000000020000000000000001", id.ToString());
        Assert.Equal("000000079e99deb434e09d0b1102190b", id.Fork().ToString());
        Assert.Equal("000000079e99deb4000000007adce733", id.Next().ToString());
        Assert.Equal("816677a39666987c663fed4b8516afea", id.Combine(new DataViewRowId(ulong.MaxValue, 3)).ToString());
        Assert.True(id.CompareTo(new DataViewRowId(0, 3)) < 0);
        Assert.True(id.Equals((object)new DataViewRowId(1, 2)));
    }
}
