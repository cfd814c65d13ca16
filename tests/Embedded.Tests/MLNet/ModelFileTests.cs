using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.Tests;

public sealed class ModelFileTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public float A { get; set; } = 1;

        [VectorType(2)]
        public float[] B { get; set; } = [1, 2];

        public string Label { get; set; } = "北京";

        [VectorType]
        public string[] Words { get; set; } = ["a", "bc"];
    }

    private sealed class Output
    {
        [VectorType(3)]
        public float[] C { get; set; } = [];

        [VectorType(3)]
        public float[] D { get; set; } = [];

        [KeyType(3)]
        public uint Key { get; set; }

        [KeyType(2), VectorType]
        public uint[] WordKeys { get; set; } = [];

        public string Back { get; set; } = "";
    }

    /// <summary>One member for each kind of value.</summary>
    private sealed class Everything
    {
        public sbyte I1 { get; set; }

        public byte U1 { get; set; }

        public short I2 { get; set; }

        public ushort U2 { get; set; }

        public int I4 { get; set; }

        public uint U4 { get; set; }

        public long I8 { get; set; }

        public ulong U8 { get; set; }

        public float R4 { get; set; }

        public double R8 { get; set; }

        public bool Flag { get; set; }

        public string Text { get; set; } = "";

        public DateTime Time { get; set; }

        public DateTimeOffset Moment { get; set; }

        public TimeSpan Span { get; set; }

        public DataViewRowId Id { get; set; }

        [KeyType(7)]
        public uint Key { get; set; }

        [VectorType(2, 3)]
        public double[] Matrix { get; set; } = new double[6];

        [VectorType]
        public bool[] Flags { get; set; } = [];

        [KeyType(3), VectorType]
        public byte[] Keys { get; set; } = [];
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable<Row>([new(), new() { A = 2, Label = "上海", Words = [] }, new() { A = 3, Label = "x" }]);

    private EstimatorChain<ColumnSelectingTransformer> Pipeline =>
        _ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words"))
            .Append(_ml.Transforms.Concatenate("C", "A", "B"))
            .Append(_ml.Transforms.CopyColumns("D", "C"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(_ml.Transforms.DropColumns("A"))
            .Append(_ml.Transforms.SelectColumns("C", "D", "Key", "WordKeys", "Back"));

    private byte[] Save(ITransformer model, DataViewSchema? schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] file, out DataViewSchema? schema) => new MLContext().Model.Load(new MemoryStream(file), out schema);

    private string[] Describe(IDataView view) =>
    [
        .. _ml.Data.CreateEnumerable<Output>(view, reuseRowObject: false)
            .Select(row => $"{string.Join(",", row.C)}; {string.Join(",", row.D)}; Key={row.Key}; {string.Join(",", row.WordKeys)}; Back={row.Back}"),
    ];

    private static string[] Describe(DataViewSchema schema) => [.. schema.Select(column => $"{column}{(column.IsHidden ? " hidden" : "")}")];

    [Fact]
    public void A_saved_chain_gives_the_same_output()
    {
        var data = Data;
        var model = Pipeline.Fit(data);
        var loaded = Load(Save(model, data.Schema), out var schema);
        Assert.Equal(Describe(data.Schema), Describe(schema!));
        Assert.Equal(Describe(model.GetOutputSchema(data.Schema)), Describe(loaded.GetOutputSchema(schema)));
        Assert.Equal(Describe(model.Transform(data)), Describe(loaded.Transform(data)));
        Assert.Contains("Key=1", Describe(loaded.Transform(data))[0], StringComparison.Ordinal);
        Assert.Contains("Back=上海", Describe(loaded.Transform(data))[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Models_go_through_files()
    {
        var path = Path.GetTempFileName();
        try
        {
            var data = Data;
            _ml.Model.Save(Pipeline.Fit(data), data.Schema, path);
            var loaded = new MLContext().Model.Load(path, out _);
            Assert.Equal(3, Describe(loaded.Transform(data)).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_saved_model_can_be_saved_again()
    {
        var data = Data;
        var first = Load(Save(Pipeline.Fit(data), data.Schema), out var schema);
        var second = Load(Save(first, schema), out schema);
        Assert.Equal(Describe(first.Transform(data)), Describe(second.Transform(data)));
    }

    [Fact]
    public void The_schema_may_be_left_out()
    {
        Load(Save(Pipeline.Fit(Data), null), out var schema);
        Assert.Null(schema);
    }

    [Fact]
    public void Every_column_type_is_kept_in_the_schema()
    {
        var schema = _ml.Data.LoadFromEnumerable<Everything>([]).Schema;
        Load(Save(_ml.Transforms.CopyColumns("X", "I4").Fit(_ml.Data.LoadFromEnumerable<Everything>([])), schema), out var loaded);
        Assert.Equal(Describe(schema), Describe(loaded!));
        Assert.All(schema, column => Assert.Equal(column.Type, loaded![column.Index].Type));
    }

    [Fact]
    public void Annotations_and_hidden_columns_are_kept_in_the_schema()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Flag", BooleanDataViewType.Instance, true);
        annotations.AddPrimitiveValue("Text", TextDataViewType.Instance, "名字".AsMemory());
        annotations.AddPrimitiveValue("Time", DateTimeDataViewType.Instance, new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified));
        annotations.AddPrimitiveValue("Moment", DateTimeOffsetDataViewType.Instance, new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-330)));
        annotations.Add(
            "SlotNames", new VectorDataViewType(TextDataViewType.Instance, 400),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(400, [.. Enumerable.Range(0, 400).Select(i => $"slot {i}".AsMemory())]));
        annotations.Add(
            "Sparse", new VectorDataViewType(NumberDataViewType.Double), (ref VBuffer<double> value) => value = new(1000, 2, [0.5, 0.25], [3, 999]));
        annotations.Add(
            "Keys", new VectorDataViewType(new KeyDataViewType(typeof(ushort), 9), 3), (ref VBuffer<ushort> value) => value = new(3, [1, 0, 9]));
        annotations.Add("Flags", new VectorDataViewType(BooleanDataViewType.Instance), (ref VBuffer<bool> value) => value = new(9, [.. Enumerable.Range(0, 9).Select(i => i % 3 == 0)]));
        annotations.Add("Nothing", new VectorDataViewType(BooleanDataViewType.Instance), (ref VBuffer<bool> value) => value = default);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Int32);
        builder.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());

        Load(Save(_ml.Transforms.CopyColumns("X", "A").Fit(Data), builder.ToSchema()), out var schema);

        Assert.Equal([true, false], schema!.Select(column => column.IsHidden));
        var loaded = schema!["A"].Annotations;
        Assert.Equal(annotations.ToAnnotations().Schema.Select(column => (column.Name, column.Type)), loaded.Schema.Select(column => (column.Name, column.Type)));
        Assert.True(Value<bool>(loaded, "Flag"));
        Assert.Equal("名字", Value<ReadOnlyMemory<char>>(loaded, "Text").ToString());
        Assert.Equal(new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified), Value<DateTime>(loaded, "Time"));
        Assert.Equal(TimeSpan.FromMinutes(-330), Value<DateTimeOffset>(loaded, "Moment").Offset);
        Assert.Equal(Value<DateTime>(loaded, "Time"), Value<DateTimeOffset>(loaded, "Moment").DateTime);
        Assert.Equal("slot 399", Value<VBuffer<ReadOnlyMemory<char>>>(loaded, "SlotNames").GetItemOrDefault(399).ToString());
        Assert.False(Value<VBuffer<double>>(loaded, "Sparse").IsDense);
        Assert.Equal(0.25, Value<VBuffer<double>>(loaded, "Sparse").GetItemOrDefault(999));
        Assert.Equal([1, 0, 9], Value<VBuffer<ushort>>(loaded, "Keys").DenseValues());
        Assert.Equal([true, false, false, true, false, false, true, false, false], Value<VBuffer<bool>>(loaded, "Flags").DenseValues());
        Assert.Equal(0, Value<VBuffer<bool>>(loaded, "Nothing").Length);
    }

    private static T Value<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return value;
    }

    [Fact]
    public void A_loader_may_stand_in_the_place_of_the_schema()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Label\tValue\n北京\t1.5\nx\t2\n");
            var source = new MultiFileSource(path);
            var loader = _ml.Data.CreateTextLoader(
                [new TextLoader.Column("Label", DataKind.String, 0), new TextLoader.Column("Value", DataKind.Single, 1)], hasHeader: true);
            var model = loader.Append(_ml.Transforms.CopyColumns("Copy", "Value").Fit(loader.Load(source)));
            using var file = new MemoryStream();
            _ml.Model.Save(model.Transformer, loader, file);

            file.Position = 0;
            var transformer = new MLContext().Model.Load(file, out var schema);
            Assert.Equal(Describe(loader.GetOutputSchema()), Describe(schema));
            Assert.NotNull(transformer.GetOutputSchema(schema).GetColumnOrNull("Copy"));

            file.Position = 0;
            transformer = new MLContext().Model.LoadWithDataLoader(file, out var loaded);
            var view = transformer.Transform(loaded.Load(source));
            Assert.Equal([1.5f, 2], _ml.Data.CreateEnumerable<Copied>(view, reuseRowObject: false).Select(row => row.Copy));
            Assert.Equal(["北京", "x"], _ml.Data.CreateEnumerable<Copied>(view, reuseRowObject: false).Select(row => row.Label));
            Assert.Equal(Describe(model.GetOutputSchema()), Describe(view.Schema));
        }
        finally
        {
            File.Delete(path);
        }
        using var plain = new MemoryStream(Save(Pipeline.Fit(Data), Data.Schema));
        Assert.Throws<InvalidOperationException>(() => _ml.Model.LoadWithDataLoader(plain, out _));
    }

    private sealed class Copied
    {
        public string Label { get; set; } = "";

        public float Copy { get; set; }
    }

    [Fact]
    public void What_cannot_be_saved_says_so()
    {
        Assert.Throws<NotSupportedException>(() => Save(new SpyEstimator.Transformer(), Data.Schema));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Model.Save(Pipeline.Fit(Data), null, ""));
        Assert.Throws<ArgumentNullException>(() => _ml.Model.Save(Pipeline.Fit(Data), null, (Stream)null!));
        Assert.Throws<ArgumentNullException>(() => _ml.Model.Load((Stream)null!, out _));
        Assert.Throws<InvalidOperationException>(() => Save(Pipeline.Fit(Data), new DataViewSchema.Builder().ToSchema()));
    }

    [Fact]
    public void Parts_of_a_model_are_where_ML_NET_looks_for_them()
    {
        using var archive = new ZipArchive(new MemoryStream(Save(Pipeline.Fit(Data), Data.Schema)));
        var names = archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToList();
        Assert.Contains("Schema", names);
        Assert.Contains("TransformerChain/Model.key", names);
        Assert.Contains("TransformerChain/Transform_000/Model.key", names);
        Assert.Contains("TransformerChain/Transform_006/Model.key", names);
        Assert.Contains("TrainingInfo/Version.txt", names);
    }
}
