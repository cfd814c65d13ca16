using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Whitening;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Whitening fitted on many rows, beside the floating-point rate of a plain matrix product of the same size in the same run.</summary>
internal static class WhiteningFit
{
    private const int RowsOfProduct = 4096;

    internal static Command Command()
    {
        var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 1_000_000 };
        var size = new Option<int>("--size") { DefaultValueFactory = _ => 768 };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 5, Description = "How long each matrix product is measured." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("whitening", "Fit of a whitening, beside the rate of a matrix product.") { rows, size, seconds, threads };
        command.SetAction(parsed =>
        {
            set_num_threads(parsed.GetValue(threads));
            var (count, width, time) = (parsed.GetValue(rows), parsed.GetValue(size), parsed.GetValue(seconds));
            var (product, update) = (Product(width, time), Update(width, time));
            var view = new RandomVectors(count, width);
            var before = GC.GetTotalAllocatedBytes();
            var read = Seconds(() => Drain(view));
            var processor = Environment.CpuUsage.TotalTime;
            var statistics = Seconds(() => Accumulate(view));
            processor = Environment.CpuUsage.TotalTime - processor;
            var fit = Seconds(() => new MLContext(1).Transforms.Whiten("Vector").Fit(view).Dispose());

            // The update that is needed: the lower triangle with its diagonal, one multiplication and one addition each.
            var work = (double)count * width * (width + 1) / 1e9;
            Measure.Print(new
            {
                program = "MLPipelines whitening fit", rows = count, size = width, threads = get_num_threads(),
                read_seconds = Math.Round(read, 2), statistics_seconds = Math.Round(statistics, 2), statistics_processor_seconds = Math.Round(processor.TotalSeconds, 2), fit_seconds = Math.Round(fit, 2),
                gflops = Math.Round(work / statistics, 1), product_float64_gflops = Math.Round(product, 1), rank_k_update_gflops = Math.Round(update, 1),
                ratio_to_product = Math.Round(work / statistics / product, 3), ratio_to_update = Math.Round(work / statistics / update, 3),
                peak_mebibytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20, managed_mebibytes = (GC.GetTotalAllocatedBytes() - before) >> 20,
            });
        });
        return command;
    }

    /// <summary>Billions of operations a second of XᵀX as one full product, the symmetric half not used: the peak that a library offers.</summary>
    private static double Product(int size, double seconds)
    {
        using var scope = NewDisposeScope();
        var x = randn(RowsOfProduct, size, ScalarType.Float64);
        var (y, transposed) = (zeros(size, size, ScalarType.Float64), x.t());
        return Measure.StepsPerSecond(() => y.addmm_(transposed, x), seconds, CPU) * RowsOfProduct * 2 * size * size / 1e9;
    }

    /// <summary>The useful operations of the accumulator's own kernel on a block that is there already.</summary>
    private static double Update(int size, double seconds)
    {
        using var scope = NewDisposeScope();
        using var accumulator = new MomentAccumulator(size);
        var row = new double[size];
        var random = new Random(1);
        for (var i = 0; i < size; i++) row[i] = random.NextDouble();
        var watch = Stopwatch.StartNew();
        var updates = 0L;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            accumulator.Add(row);
            updates++;
        }

        accumulator.ToMoments();
        return updates * (double)size * (size + 1) / 1e9 / watch.Elapsed.TotalSeconds;
    }

    private static void Accumulate(RandomVectors view)
    {
        using var accumulator = new MomentAccumulator(view.Width);
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[0]);
        var buffer = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            accumulator.Add(buffer.GetValues());
        }

        accumulator.ToMoments();
    }

    private static void Drain(RandomVectors view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[0]);
        var buffer = default(VBuffer<float>);
        while (cursor.MoveNext()) getter(ref buffer);
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Rows that are made while they are read: slices of a small random table at changing offsets, so that no gigabyte has to be held.</summary>
    private sealed class RandomVectors : IDataView
    {
        private const int Table = 1 << 20;
        private readonly float[] _values = new float[Table];
        private readonly int _rows;

        internal RandomVectors(int rows, int width)
        {
            (_rows, Width) = (rows, width);
            var random = new Random(1);
            for (var i = 0; i < Table; i++)
            {
                _values[i] = (float)(random.NextDouble() + random.NextDouble() - 0.9);
            }

            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Vector", new VectorDataViewType(NumberDataViewType.Single, width));
            Schema = builder.ToSchema();
        }

        internal int Width { get; }

        public DataViewSchema Schema { get; }

        public bool CanShuffle => false;

        public long? GetRowCount() => _rows;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

        private sealed class Cursor(RandomVectors view) : DataViewRowCursor
        {
            private long _position = -1;

            public override long Position => _position;

            public override long Batch => 0;

            public override DataViewSchema Schema => view.Schema;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override bool MoveNext() => ++_position < view._rows;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            {
                ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
                {
                    var editor = VBufferEditor.Create(ref value, view.Width);
                    view._values.AsSpan((int)(_position * 7919 % (Table - view.Width)), view.Width).CopyTo(editor.Values);
                    value = editor.Commit();
                };
                return (ValueGetter<TValue>)(Delegate)getter;
            }
        }
    }
}
