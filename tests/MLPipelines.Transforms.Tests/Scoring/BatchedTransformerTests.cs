using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.Transforms.Tests.Scoring;

public sealed class BatchedTransformerTests : IDisposable
{
    readonly MLContext _context = new(1);
    readonly LengthScorer _scorer = new();

    [Fact]
    public void Rows_are_scored_together_and_come_out_in_order()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        var view = transformer.Transform(Data(10));
        Assert.Empty(_scorer.Batches);
        Assert.Equal(Enumerable.Range(0, 10), view.GetColumn<int>("Length"));
        Assert.Equal([4, 4, 2], _scorer.Batches);
    }

    [Fact]
    public void Nothing_is_scored_when_no_produced_column_is_wanted()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        Assert.Equal(10, transformer.Transform(Data(10)).GetColumn<string>("Text").Count());
        Assert.Empty(_scorer.Batches);
    }

    [Fact]
    public void Every_kind_of_column_passes_through_with_its_row()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        var source = _context.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(Data(9)).Transform(Data(9));
        var view = transformer.Transform(source);
        Assert.Equal(source.GetColumn<uint>("Key"), view.GetColumn<uint>("Key"));
        Assert.Equal(source.GetColumn<float[]>("Vector"), view.GetColumn<float[]>("Vector"));
        Assert.Equal(source.GetColumn<bool>("Flag"), view.GetColumn<bool>("Flag"));
        Assert.Equal(source.GetColumn<DateTime>("Time"), view.GetColumn<DateTime>("Time"));

        using var before = source.GetRowCursor(source.Schema);
        using var after = view.GetRowCursor(view.Schema);
        var (idBefore, idAfter) = (before.GetIdGetter(), after.GetIdGetter());
        DataViewRowId a = default, b = default;
        while (before.MoveNext())
        {
            Assert.True(after.MoveNext());
            idBefore(ref a);
            idAfter(ref b);
            Assert.Equal(a, b);
            Assert.Equal(before.Position, after.Position);
        }

        Assert.False(after.MoveNext());
        Assert.False(after.MoveNext());
    }

    [Fact]
    public void Values_need_a_current_row_and_an_active_column()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        var view = transformer.Transform(Data(1));
        using var cursor = view.GetRowCursor([view.Schema["Length"]]);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<bool>(view.Schema["Flag"]));
        Assert.Throws<InvalidCastException>(() => cursor.GetGetter<float>(view.Schema["Length"]));
        var get = cursor.GetGetter<int>(view.Schema["Length"]);
        var value = 0;
        Assert.Throws<InvalidOperationException>(() => get(ref value));
        Assert.True(cursor.MoveNext());
        get(ref value);
        Assert.False(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => get(ref value));
    }

    [Fact]
    public void A_row_mapper_scores_each_row_once()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        using var engine = _context.Model.CreatePredictionEngine<Source, Result>(transformer);
        Assert.Equal(3, engine.Predict(new() { Text = "abc" }).Length);
        Assert.Equal(5, engine.Predict(new() { Text = "abcde" }).Length);
        Assert.Equal([1, 1], _scorer.Batches);
    }

    [Fact]
    public void Prediction_engines_work_through_a_chain()
    {
        var copy = _context.Transforms.CopyColumns("Text", "Sentence").Fit(_context.Data.LoadFromEnumerable(Array.Empty<Sentence>()));
        using var chain = new TransformerChain<ITransformer>(copy, new BatchedTransformer<LengthScorer.Row>(_scorer));
        using var engine = _context.Model.CreatePredictionEngine<Sentence, Result>(chain);
        Assert.Equal(4, engine.Predict(new() { Words = "abcd" }).Length);
    }

    [Fact]
    public void A_row_of_another_schema_is_refused()
    {
        using var transformer = new BatchedTransformer<LengthScorer.Row>(_scorer);
        var mapper = transformer.GetRowToRowMapper(Data(1).Schema);
        using var cursor = Data(1).GetRowCursor(Data(1).Schema);
        Assert.Contains("MLP121", Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, mapper.OutputSchema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scorer_is_owned()
    {
        new BatchedTransformer<LengthScorer.Row>(_scorer).Dispose();
        Assert.True(_scorer.IsDisposed);
    }

    public void Dispose() => _scorer.Dispose();

    IDataView Data(int rows) => _context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Source
    {
        Text = new('x', i), Flag = i % 3 == 0, Vector = [.. Enumerable.Range(0, i).Select(j => (float)j)], Time = new(2020, 1, 1 + i),
    }));

    sealed class Source
    {
        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        public float[] Vector { get; set; } = [];

        public DateTime Time { get; set; }
    }

    sealed class Sentence
    {
        [ColumnName("Sentence")]
        public string Words { get; set; } = "";
    }

    sealed class Result
    {
        public int Length { get; set; }
    }

    /// <summary>A scorer without a network: the length of a text.</summary>
    public sealed class LengthScorer : IBatchScorer<LengthScorer.Row>
    {
        public List<int> Batches { get; } = [];

        public bool IsDisposed { get; private set; }

        public SchemaContract Contract { get; } = new(ColumnSpec.Required("Text", "text", TextDataViewType.Instance), ColumnSpec.Produced("Length", NumberDataViewType.Int32));

        public int LookAhead => 4;

        public Func<Row> CreateReader(DataViewRow input)
        {
            var get = input.GetGetter<ReadOnlyMemory<char>>(input.Schema["Text"]);
            return () =>
            {
                ReadOnlyMemory<char> text = default;
                get(ref text);
                return new() { Text = text.ToString() };
            };
        }

        public void Score(IReadOnlyList<Row> rows)
        {
            Batches.Add(rows.Count);
            foreach (var row in rows) row.Length = row.Text.Length;
        }

        public Delegate CreateGetter(string column, Func<Row> current) => (ValueGetter<int>)((ref int value) => value = current().Length);

        public ModelPackage Pack() => throw new NotSupportedException("This scorer exists for tests only.");

        public void Dispose() => IsDisposed = true;

        public sealed class Row
        {
            public required string Text { get; init; }

            public int Length { get; set; }
        }
    }
}
