using System.Collections;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Host.Models;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary><c>mlp train pipeline</c>: any steps of a configuration file, ours, those of plugins and ML.NET's own, without a trainer of ours at the end.</summary>
internal sealed class PipelineTrainTask : ITrainTask
{
    public string Name => "pipeline";

    public string Help =>
        """
        Fit the steps of a configuration file: ours, those of plugins and ML.NET's own, in any order. Reads JSON lines (text, label), CSV and TSV with a header, and .txt with a text in each line.
        Example: mlp train pipeline --config pipeline.json --train texts.txt --out model.zip
        """;

    public TrainerOptions? Defaults => null;

    public object Data { get; } = new Files();

    public int? Seed(object data) => ((Files)data).Seed;

    public IDataView Load(MLContext context, string path, object data, TrainerOptions? options) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => LoadTable(context, path, ',', (Files)data),
        ".tsv" or ".tab" => LoadTable(context, path, '\t', (Files)data),
        ".txt" => context.Data.LoadFromEnumerable(new Rows<TextRow>(path, (_, text) => new TextRow { Text = text })),
        _ => context.Data.LoadFromEnumerable(new Rows<LabeledRow>(path, FromJson)),
    };

    public Evaluation? Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options) => null;

    private static IDataView LoadTable(MLContext context, string path, char separator, Files files)
    {
        using var lines = new StreamReader(InputFile.Open(path, "the data file"));
        var names = TableHeader.Split(lines.ReadLine() ?? throw new UsageException($"{path}: the file is empty, expected a header line."), isCsv: separator == ',')
            ?? throw new UsageException($"{path}, line 1: a quoted field is not closed.");
        var missing = files.Numbers.FirstOrDefault(number => !names.Contains(number));
        return missing is not null ? throw new UsageException($"{path}, line 1: there is no column \"{missing}\". The columns are: {string.Join(", ", names)}.")
            : context.Data.LoadFromTextFile(path, new TextLoader.Options
            {
                Columns = [.. names.Select((name, i) => new TextLoader.Column(name, files.Numbers.Contains(name) ? DataKind.Single : DataKind.String, i))],
                Separators = [separator], HasHeader = true, AllowQuoting = separator == ',', ReadMultilines = separator == ',',
            });
    }

    private static LabeledRow FromJson(string where, string line)
    {
        var row = InputRow.ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(line))).Single();
        return row.Text is { } text ? new LabeledRow { Text = text, Label = (row.Fields["label"] as System.Text.Json.Nodes.JsonValue)?.ToString() ?? "" }
            : throw new UsageException($"{where}: {row.Error![(row.Error!.IndexOf(':', StringComparison.Ordinal) + 2)..]}. Expected a JSON object such as {{\"text\": \"…\"}}.");
    }

    /// <summary>How the files are read.</summary>
    internal sealed record Files
    {
        /// <summary>Columns of a CSV or TSV file that hold numbers; all others are text.</summary>
        public IReadOnlyList<string> Numbers { get; init; } = [];

        /// <summary>The seed of everything random in ML.NET's own steps.</summary>
        public int Seed { get; init; } = 1;
    }

    private class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class LabeledRow : TextRow
    {
        public string Label { get; set; } = "";
    }

    /// <summary>A row for each line; each enumeration opens the file anew.</summary>
    private sealed class Rows<T>(string path, Func<string, string, T> convert) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator()
        {
            using var reader = new StreamReader(InputFile.Open(path, "the data file"));
            for (var number = 1L; reader.ReadLine() is { } line; number++)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    yield return convert($"{path}, line {number}", line);
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
