using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace Microsoft.ML.TorchSharp.NasBert;

/// <summary>
/// In place of the network it learns words by heart. Around that it does what ML.NET's does: every space of a text begins a word, a key of 0 is no tag, and each word gets the tag of the word before.
/// </summary>
public class NerTrainer(NerTrainer.NerOptions options) : TorchSharpBaseTrainer
{
    public override ITransformer Fit(IDataView input)
    {
        var (text, label) = (input.Schema[options.Sentence1ColumnName], input.Schema[options.LabelColumnName]);
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        var known = new Dictionary<string, uint>();
        using var cursor = input.GetRowCursor([text, label]);
        var (getText, getLabel) = (cursor.GetGetter<ReadOnlyMemory<char>>(text), cursor.GetGetter<VBuffer<uint>>(label));
        var (line, keys) = (default(ReadOnlyMemory<char>), default(VBuffer<uint>));
        while (cursor.MoveNext())
        {
            getText(ref line);
            getLabel(ref keys);
            foreach (var (word, key) in line.ToString().Split(' ').Zip(keys.DenseValues(), (word, key) => (word, key)))
            {
                known[word] = key;
            }
        }

        return new BatchedTransformer<List<uint>>(new Recognizer(options, known, [.. names.DenseValues().Select(name => name.ToString())]));
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public class NerOptions : NasBertTrainer.NasBertOptions;

    private sealed class Recognizer(NerOptions options, Dictionary<string, uint> known, string[] names) : IBatchScorer<List<uint>>
    {
        public SchemaContract Contract { get; } = new(
            ColumnSpec.Required(options.Sentence1ColumnName, "sentence", TextDataViewType.Instance),
            ColumnSpec.Produced(options.PredictionColumnName, new VectorDataViewType(new KeyDataViewType(typeof(uint), names.Length)), KeyNames(names)));

        public int LookAhead => 1;

        public Func<List<uint>> CreateReader(DataViewRow input)
        {
            var getText = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[options.Sentence1ColumnName]);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getText(ref text);
                return [0, .. text.ToString().Split(' ')[..^1].Select(word => known.GetValueOrDefault(word))];
            };
        }

        public void Score(IReadOnlyList<List<uint>> rows)
        {
        }

        public Delegate CreateGetter(string column, Func<List<uint>> current) => (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> value) => value = new(current().Count, [.. current()]));

        public ModelPackage Pack() => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private static DataViewSchema.Annotations KeyNames(string[] names)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(names.Length, [.. names.Select(name => name.AsMemory())]);
            annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length), getter);
            return annotations.ToAnnotations();
        }
    }
}
