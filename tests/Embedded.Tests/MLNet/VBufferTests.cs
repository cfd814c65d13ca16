using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class VBufferTests
{
    private static readonly int[] _places = [1, 4, 5];
    private static readonly float[] _stored = [10, 40, 50];
    private static readonly float[] _dense = [0, 10, 0, 0, 40, 50, 0];

    private static VBuffer<float> Sparse => new(7, 3, [10, 40, 50, -1], [1, 4, 5, -1]);

    [Fact]
    public void Default_is_empty_and_dense()
    {
        var buffer = default(VBuffer<int>);
        Assert.Equal(0, buffer.Length);
        Assert.True(buffer.IsDense);
        Assert.Empty(buffer.GetValues().ToArray());
        Assert.Empty(buffer.GetIndices().ToArray());
        Assert.Empty(buffer.DenseValues());
        Assert.Empty(buffer.Items(all: true));
    }

    [Fact]
    public void Dense_buffer_hides_spare_room()
    {
        var buffer = new VBuffer<int>(2, [1, 2, 3]);
        Assert.True(buffer.IsDense);
        Assert.Equal([1, 2], buffer.GetValues().ToArray());
        Assert.Equal([1, 2], buffer.DenseValues());
        Assert.Equal("Dense vector of size 2", buffer.ToString());
    }

    [Fact]
    public void Sparse_buffer_shows_all_items()
    {
        var buffer = Sparse;
        Assert.False(buffer.IsDense);
        Assert.Equal(_stored, buffer.GetValues().ToArray());
        Assert.Equal(_places, buffer.GetIndices().ToArray());
        Assert.Equal(_dense, buffer.DenseValues());
        Assert.Equal(_places, buffer.Items().Select(item => item.Key));
        Assert.Equal(_dense, buffer.Items(all: true).Select(item => item.Value));
        Assert.Equal("Sparse vector of size 7, 3 explicit values", buffer.ToString());
        for (var i = 0; i < 7; i++)
        {
            var item = -1f;
            buffer.GetItemOrDefault(i, ref item);
            Assert.Equal(_dense[i], item);
            Assert.Equal(_dense[i], buffer.GetItemOrDefault(i));
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 3)]
    [InlineData(2, -1)]
    public void Impossible_sizes_are_refused(int length, int count) =>
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<int>(length, count, new int[5], new int[5]));

    [Fact]
    public void Arrays_must_be_large_enough()
    {
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<int>(3, new int[2]));
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<int>(5, 3, new int[3], new int[2]));
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<int>(5, 3, new int[3], null));
        Assert.ThrowsAny<ArgumentException>(() => Sparse.GetItemOrDefault(7));
        Assert.ThrowsAny<ArgumentException>(() => Sparse.GetItemOrDefault(-1));
    }

    [Fact]
    public void Copies_keep_their_form()
    {
        var copy = new VBuffer<float>(2, [8, 9]);
        Sparse.CopyTo(ref copy);
        Assert.Equal(_places, copy.GetIndices().ToArray());
        Assert.Equal(_dense, copy.DenseValues());

        Sparse.CopyToDense(ref copy);
        Assert.True(copy.IsDense);
        Assert.Equal(_dense, copy.GetValues().ToArray());

        var array = new float[8];
        Sparse.CopyTo(array.AsSpan(), 1, -1);
        Assert.Equal([0, -1, 10, -1, -1, 40, 50, -1], array);
        Assert.ThrowsAny<ArgumentException>(() => Sparse.CopyTo(array.AsSpan(), 2));
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(7, 0)]
    public void Parts_can_be_copied(int start, int length)
    {
        var expected = _dense.AsSpan(start, length).ToArray();
        var copy = default(VBuffer<float>);
        Sparse.CopyTo(ref copy, start, length);
        Assert.Equal(length, copy.Length);
        Assert.Equal(expected, copy.DenseValues());

        new VBuffer<float>(7, _dense).CopyTo(ref copy, start, length);
        Assert.True(copy.IsDense);
        Assert.Equal(expected, copy.DenseValues());
    }

    [Fact]
    public void Editor_reuses_arrays_that_are_large_enough()
    {
        var values = new int[4];
        var buffer = new VBuffer<int>(4, values);
        var editor = VBufferEditor.Create(ref buffer, 3);
        Assert.False(editor.CreatedNewValues);
        editor.Values.Fill(7);
        buffer = editor.Commit();
        Assert.Equal([7, 7, 7], buffer.GetValues().ToArray());
        Assert.Equal([7, 7, 7, 0], values);

        editor = VBufferEditor.Create(ref buffer, 9, keepOldOnResize: true);
        Assert.True(editor.CreatedNewValues);
        buffer = editor.Commit();
        Assert.Equal([7, 7, 7, 0, 0, 0, 0, 0, 0], buffer.GetValues().ToArray());
    }

    [Fact]
    public void Editor_makes_sparse_buffers()
    {
        var buffer = default(VBuffer<int>);
        var editor = VBufferEditor.Create(ref buffer, 10, 3);
        Assert.True(editor.CreatedNewIndices);
        (editor.Values[0], editor.Values[1], editor.Values[2]) = (5, 6, 7);
        (editor.Indices[0], editor.Indices[1], editor.Indices[2]) = (2, 3, 8);
        buffer = editor.CommitTruncated(2);
        Assert.Equal([0, 0, 5, 6, 0, 0, 0, 0, 0, 0], buffer.DenseValues());
        var again = VBufferEditor.CreateFromBuffer(ref buffer);
        Assert.Equal(2, again.Values.Length);
    }

    [Fact]
    public void Editor_respects_its_limits()
    {
        var buffer = default(VBuffer<int>);
        Assert.ThrowsAny<ArgumentException>(() => VBufferEditor.Create(ref buffer, -1));
        Assert.ThrowsAny<ArgumentException>(() => VBufferEditor.Create(ref buffer, 3, 4));
        Assert.ThrowsAny<ArgumentException>(() => VBufferEditor.Create(ref buffer, 30, 20, maxValuesCapacity: 10));
        Assert.ThrowsAny<ArgumentException>(() => VBufferEditor.Create(ref buffer, 30, 20).CommitTruncated(21));
    }

    [Fact]
    public void Arrays_are_copied_in()
    {
        var buffer = default(VBuffer<int>);
        VBuffer<int>.Copy([1, 2, 3, 4], 1, ref buffer, 2);
        Assert.Equal([2, 3], buffer.GetValues().ToArray());
        Assert.ThrowsAny<ArgumentException>(() => VBuffer<int>.Copy([1, 2], 1, ref buffer, 2));
    }
}
