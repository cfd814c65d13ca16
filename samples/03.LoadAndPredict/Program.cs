using Microsoft.ML;

// Nothing here names a component of the model: loading it is all that an application does.
var ml = new MLContext();
var model = ml.Model.Load(args.Length > 0 ? args[0] : "ner.zip", out _);
Input[] texts = [new() { Text = "王晓梅明天上午要去上海出差。" }, new() { Text = "Lucy Hale gave a talk at Geneva Public Library on Friday." }];

// Many rows at once: scored in batches.
var rows = ml.Data.CreateEnumerable<Found>(model.Transform(ml.Data.LoadFromEnumerable(texts)), reuseRowObject: false).ToList();

// One row at a time, as a service does.
using var engine = ml.Model.CreatePredictionEngine<Input, Found>(model);
var single = texts.Select(text => engine.Predict(text)).ToList();

foreach (var row in rows)
{
    Console.WriteLine($"{row.Text}  ->  {row}");
}

// The exit code says whether both ways agree and something was found at all.
return rows.Select(row => row.ToString()).SequenceEqual(single.Select(row => row.ToString())) && rows.All(row => row.PredictedLabel.Length > 0) ? 0 : 1;

internal sealed class Input
{
    public string Text { get; set; } = "";
}

internal sealed class Found
{
    public string Text { get; set; } = "";

    public int[] PredictedStart { get; set; } = [];

    public int[] PredictedEnd { get; set; } = [];

    public string[] PredictedLabel { get; set; } = [];

    public string[] PredictedText { get; set; } = [];

    public override string ToString() => string.Join(", ", PredictedLabel.Zip(PredictedText, (label, text) => $"{text} [{label}]"));
}
