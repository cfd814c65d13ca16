using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>
/// Sentences a second through one cursor over <c>EmbedWithRoFormer</c>, beside the encoder alone on batches of the same mean length without padding, and beside scoring row by row.
/// The three take turns, so that what else the machine does harms all of them alike. The resident memory after each turn must not grow with the rows.
/// </summary>
internal static class EmbeddingThroughput
{
    // In a turn the encoder alone, and the rows one by one, get at least this share of the time that the cursor took: enough for a rate.
    private const double ShareOfOthers = 0.15;

    internal static Command Command()
    {
        var text = new Option<string>("--text") { Required = true, Description = "A text file; each line is one sentence." };
        var vocabulary = new Option<string>("--vocab") { Required = true };
        var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 20_000 };
        var size = new Option<string>("--size") { DefaultValueFactory = _ => "small" }.AcceptOnlyFromAmong("small", "base");
        var pooling = new Option<SentencePooling>("--pooling") { DefaultValueFactory = _ => SentencePooling.FirstLastAverage };
        var precision = new Option<EmbeddingPrecision>("--precision") { DefaultValueFactory = _ => EmbeddingPrecision.Float32 };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 64 };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("embedding", "Throughput of sentence embedding.") { text, vocabulary, rows, size, pooling, precision, device, batch, threads };
        command.SetAction(parsed =>
        {
            set_num_threads(parsed.GetValue(threads));
            var options = new SentenceEmbeddingEstimator.Options
            {
                Pooling = parsed.GetValue(pooling), Precision = parsed.GetValue(precision), Device = parsed.GetValue(device)!, BatchSize = parsed.GetValue(batch),
            };
            var sentences = File.ReadLines(parsed.GetRequiredValue(text)).Take(parsed.GetValue(rows)).ToList();
            Run(sentences, WordPieceTextTokenizer.FromFile(parsed.GetRequiredValue(vocabulary)), parsed.GetValue(size)!, options);
        });
        return command;
    }

    private static void Run(List<string> sentences, WordPieceTextTokenizer tokenizer, string size, SentenceEmbeddingEstimator.Options options)
    {
        using var generator = new Generator(1);
        using var encoder = new RoFormerEncoder(Architecture(size, tokenizer.Vocabulary.Count), generator);
        var ml = new MLContext(1);
        using var model = ml.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.Of(encoder, tokenizer), options).Fit(View(ml, []));
        using var engine = ml.Model.CreatePredictionEngine<Row, Found>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var length = sentences.Average(sentence => tokenizer.Tokenize(sentence).Count + 2.0);
        using var raw = new Raw(encoder, length, options);

        // Warm: code is compiled, threads are there, memory is taken.
        var (view, rowsOfTurn) = (View(ml, sentences), 2 * options.LookAhead);
        var embedded = model.Transform(view);
        using (var first = embedded.GetRowCursor([embedded.Schema["Vector"]])) Read(first, 1);
        sentences.Take(3).ToList().ForEach(sentence => engine.Predict(new() { Text = sentence }));
        raw.Step();

        var (embedding, single, alone) = (new Clock(), new Clock(), new Clock());
        var (random, resident) = (new Random(1), new List<long>());
        using var cursor = embedded.GetRowCursor([embedded.Schema["Vector"]]);
        for (var at = 0; at < sentences.Count; at += rowsOfTurn)
        {
            var count = Math.Min(rowsOfTurn, sentences.Count - at);
            embedding.Time(count, () => Read(cursor, count));
            while (alone.Seconds < ShareOfOthers * embedding.Seconds) alone.Time(raw.Tokens, raw.Step);
            while (single.Seconds < ShareOfOthers * embedding.Seconds) single.Time(1, () => engine.Predict(new() { Text = sentences[random.Next(sentences.Count)] }));
            resident.Add(Environment.WorkingSet >> 20);
        }

        Measure.Print(new
        {
            program = "MLPipelines embedding, libtorch " + TorchSharp.torch.__version__, size, precision = options.Precision.ToString(), options.Device, pooling = options.Pooling.ToString(),
            rows = sentences.Count, batch = options.BatchSize, threads = get_num_threads(), mean_length = Math.Round(length, 2), padding = Math.Round(Padding(sentences, tokenizer, options), 4),
            rows_per_second = Math.Round(embedding.PerSecond), tokens_per_second = Math.Round(embedding.PerSecond * length),
            encoder_alone_tokens_per_second = Math.Round(alone.PerSecond), of_encoder_alone = Math.Round(embedding.PerSecond * length / alone.PerSecond, 3),
            of_encoder_alone_by_processor_time = Math.Round(embedding.PerProcessorSecond * length / alone.PerProcessorSecond, 3),
            row_by_row_per_second = Math.Round(single.PerSecond, 1), times_row_by_row = Math.Round(embedding.PerSecond / single.PerSecond, 2),
            times_row_by_row_by_processor_time = Math.Round(embedding.PerProcessorSecond / single.PerProcessorSecond, 2),
            resident_mib_first_turn = resident[0], resident_mib_last_turn = resident[^1], resident_mib_most = resident.Max(),
        });
    }

    /// <summary>The share of padding in the batches that the transform makes.</summary>
    private static double Padding(List<string> sentences, WordPieceTextTokenizer tokenizer, SentenceEmbeddingEstimator.Options options)
    {
        var (used, filled) = (0.0, 0.0);
        foreach (var ahead in sentences.Chunk(options.LookAhead))
        {
            int[] lengths = [.. ahead.Select(sentence => tokenizer.Tokenize(sentence).Count + 2)];
            foreach (var batch in LengthBuckets.Group(lengths, longest => Math.Min(options.BatchSize, options.BatchTokens / longest)))
            {
                used += batch.Sum(i => lengths[i]);
                filled += batch.Length * (double)batch.Max(i => lengths[i]);
            }
        }

        return 1 - (used / filled);
    }

    private static RoFormerEncoder.Options Architecture(string size, int vocabulary) => size == "base"
        ? new() { VocabularySize = vocabulary, Layers = 12, HiddenSize = 768, Heads = 12 }
        : new() { VocabularySize = vocabulary, Layers = 6, HiddenSize = 384, Heads = 6 };

    private static IDataView View(MLContext ml, IEnumerable<string> texts) => ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    private static void Read(DataViewRowCursor cursor, int rows)
    {
        var getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Vector"]);
        var vector = default(VBuffer<float>);
        while (rows-- > 0 && cursor.MoveNext())
        {
            getter(ref vector);
        }
    }

    /// <summary>The encoder on full batches of the mean length, nothing before and nothing after it.</summary>
    private sealed class Raw : IDisposable
    {
        private readonly RoFormerEncoder _encoder;
        private readonly EncoderInput _input;

        internal Raw(RoFormerEncoder encoder, double meanLength, SentenceEmbeddingEstimator.Options options)
        {
            _encoder = encoder;
            _encoder.eval();
            var device = new Device(options.Device);
            _encoder.to(options.Precision == EmbeddingPrecision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
            _encoder.to(device);
            var length = (int)Math.Round(meanLength);
            using var generator = new Generator(1);
            _input = new(randint(encoder.VocabularySize, [options.BatchSize, length], dtype: ScalarType.Int64, generator: generator).to(device), ones(options.BatchSize, length, ScalarType.Bool, device: device)) { HasPadding = false };
        }

        internal int Tokens => (int)_input.Ids.numel();

        internal void Step()
        {
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            _encoder.call(_input);
            if (_input.Ids.device_type == DeviceType.CUDA) cuda.synchronize(_input.Ids.device);
        }

        public void Dispose()
        {
            _input.Ids.Dispose();
            _input.Mask.Dispose();
        }
    }

    private sealed class Clock
    {
        private TimeSpan _time;
        private TimeSpan _processorTime;
        private double _items;

        internal double PerSecond => _items / _time.TotalSeconds;

        /// <summary>Other programs on the machine disturb it less.</summary>
        internal double PerProcessorSecond => _items / _processorTime.TotalSeconds;

        internal double Seconds => _time.TotalSeconds;

        internal void Time(int items, Action work)
        {
            var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            work();
            _time += watch.Elapsed;
            _processorTime += Environment.CpuUsage.TotalTime - before;
            _items += items;
        }
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Found
    {
        public float[] Vector { get; set; } = [];
    }
}
