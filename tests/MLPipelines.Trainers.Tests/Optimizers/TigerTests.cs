using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Optimizers;

[ContractOf(typeof(Tiger))]
public sealed class TigerMatrixContract : OptimizerContractTests
{
    // A step is relative to the parameter, and the momentum is long: the quadratic needs a start off 0 and a shorter memory.
    protected override OptimizerContractCase Case => new(new Tiger(new() { Beta = 0.8 }), TigerTests.Reference(ParameterRole.Matrix, 0.8)) { Start = 0.5 };
}

[ContractOf(typeof(Tiger))]
public sealed class TigerVectorContract : OptimizerContractTests
{
    protected override OptimizerContractCase Case => new(new Tiger(new() { Beta = 0.8 }), TigerTests.Reference(ParameterRole.Bias, 0.8)) { Role = ParameterRole.Bias, LearningRate = 0.1 };
}

public sealed class TigerTests
{
    internal static OptimizerReference Reference(ParameterRole role, double beta) => (parameter, gradients, rate, decay) =>
    {
        var state = new Plain([.. parameter], role, width: parameter.Length, beta, decay, accumulation: 1);
        foreach (var gradient in gradients) state.Step(gradient, rate);
        return state.Parameter;
    };

    /// <summary>The published formula in float64, one element at a time.</summary>
    internal sealed class Plain(double[] parameter, ParameterRole role, int width, double beta, double decay, int accumulation)
    {
        readonly double[] m = new double[parameter.Length];
        int t;

        public double[] Parameter { get; } = parameter;

        public void Step(double[] g, double alpha)
        {
            var (first, last) = (t % accumulation == 0, (t + 1) % accumulation == 0);
            t++;
            if (g.Any(double.IsNaN))
            {
                var c = role == ParameterRole.Gain ? 1 : 0;
                for (var i = 0; i < g.Length; i++) Parameter[i] = (Parameter[i] - c) * 0.99 + c;
                return;
            }
            for (var i = 0; i < g.Length; i++) m[i] = (first ? beta : 1) * m[i] + (1 - beta) / accumulation * g[i];
            if (!last) return;
            var old = (double[])Parameter.Clone();
            for (var i = 0; i < g.Length; i++)
            {
                var eta = role switch
                {
                    ParameterRole.Matrix => alpha * Rms(old),
                    ParameterRole.Embedding => alpha * Rms(old.AsSpan(i / width * width, width)),
                    _ => alpha / 2,
                };
                Parameter[i] = old[i] - eta * (Math.Sign(m[i]) + decay * old[i]);
            }
        }

        static double Rms(ReadOnlySpan<double> values)
        {
            var sum = 0.0;
            foreach (var value in values) sum += value * value;
            return Math.Sqrt(sum / values.Length);
        }
    }

    static double[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 2 - 1)];

    public static TheoryData<ParameterRole, ScalarType, int> Cases
    {
        get
        {
            var data = new TheoryData<ParameterRole, ScalarType, int>();
            foreach (var role in Enum.GetValues<ParameterRole>())
                foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                    foreach (var accumulation in new[] { 1, 3 }) data.Add(role, dtype, accumulation);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Follows_the_formula_for_each_role_with_accumulation_and_gradients_that_are_no_numbers(ParameterRole role, ScalarType dtype, int accumulation)
    {
        using var scope = NewDisposeScope();
        var random = new Random(4);
        long[] shape = role is ParameterRole.Matrix or ParameterRole.Embedding ? [13, 21] : [21];
        var count = (int)shape.Aggregate((a, b) => a * b);
        using var raw = tensor(Noise(random, count), shape);
        using var parameter = new Parameter(raw.to(dtype));
        var decay = shape.Length > 1 ? 0.01 : 0;
        var plain = new Plain(parameter.Doubles(), role, 21, 0.9, decay, accumulation);
        ParameterGroup[] groups = [new([("p", parameter)], decay, RateFactor: 0.5) { Role = role }];
        using var optimizer = new Tiger(new() { Beta = 0.9, Accumulation = accumulation, LazyEmbeddings = false }).Create(groups);
        for (var step = 0; step < 12; step++)
        {
            using var inner = NewDisposeScope();
            var values = Noise(random, count);
            if (step is 4 or 8) values[3] = double.NaN;
            var g = tensor(values, shape).to(dtype);
            parameter.grad = g;
            var rate = 0.02 * (1 + step % 3);
            plain.Step([.. g.Doubles().Select(x => x * 0.25)], rate * 0.5);
            using var gradients = new GradientSet(groups) { Scale = 0.25 };
            optimizer.Step(gradients, rate);
        }
        Assertions.Close(plain.Parameter, parameter.Doubles(), dtype == ScalarType.Float64 ? 1e-12 : 3e-6, dtype == ScalarType.Float64 ? 1e-13 : 3e-7);
    }

    [Theory]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float64, false)]
    public void Lazy_table_rows_equal_a_table_of_only_the_rows_that_had_a_gradient_in_the_round(ScalarType dtype, bool sparse)
    {
        const int Rows = 7, Width = 9, Accumulation = 2;
        using var scope = NewDisposeScope();
        var random = new Random(6);
        using var table = nn.Embedding_from_pretrained(tensor(Noise(random, Rows * Width), [Rows, Width]).to(dtype), freeze: false, sparse: sparse);
        var weight = table.weight!;
        ParameterGroup[] groups = [new([("table", weight)], 0.01) { Role = ParameterRole.Embedding }];
        using var optimizer = new Tiger(new() { Accumulation = Accumulation }).Create(groups);
        var (expected, m, seen) = (weight.Doubles(), new double[Rows * Width], new bool[Rows]);
        long[][] batches = [[0, 3], [3], [1, 1], [0], [5, 3], [2]];
        for (var step = 0; step < batches.Length; step++)
        {
            using var inner = NewDisposeScope();
            var factors = Noise(random, batches[step].Length * Width);
            table.call(tensor(batches[step])).mul(tensor(factors, [batches[step].Length, Width]).to(dtype)).sum().backward();
            using (var gradients = new GradientSet(groups)) optimizer.Step(gradients, 0.02);
            GradientSet.Clear(groups);
            foreach (var row in batches[step].Distinct())
            {
                for (var j = 0; j < Width; j++)
                {
                    var g = batches[step].Select((id, k) => id == row ? factors[k * Width + j] : 0).Sum();
                    m[row * Width + j] = m[row * Width + j] * (seen[row] ? 1 : 0.965) + (1 - 0.965) / Accumulation * g;
                }
                seen[row] = true;
            }
            if (step % Accumulation != Accumulation - 1) continue;
            for (var row = 0; row < Rows; row++)
            {
                if (!seen[row]) continue;
                var rms = Math.Sqrt(Enumerable.Range(row * Width, Width).Average(i => expected[i] * expected[i]));
                for (var i = row * Width; i < (row + 1) * Width; i++) expected[i] -= 0.02 * rms * (Math.Sign(m[i]) + 0.01 * expected[i]);
            }
            Array.Clear(seen);
        }
        Assertions.Close(expected, weight.Doubles(), dtype == ScalarType.Float64 ? 1e-12 : 3e-6);
    }

    [Fact]
    public void Accumulation_equals_one_step_with_the_mean_of_the_gradients()
    {
        using var scope = NewDisposeScope();
        var random = new Random(8);
        var start = Noise(random, 12);
        using var parts = new Parameter(tensor(start, [3, 4], ScalarType.Float64));
        using var whole = new Parameter(tensor(start, [3, 4], ScalarType.Float64));
        ParameterGroup[] ofParts = [new([("p", parts)], 0.01)];
        ParameterGroup[] ofWhole = [new([("p", whole)], 0.01)];
        using var accumulating = new Tiger(new() { Accumulation = 4 }).Create(ofParts);
        using var plain = new Tiger().Create(ofWhole);
        for (var round = 0; round < 3; round++)
        {
            var sum = zeros(3, 4, dtype: ScalarType.Float64);
            for (var part = 0; part < 4; part++)
            {
                var g = tensor(Noise(random, 12), [3, 4]);
                parts.grad = g;
                sum.add_(g);
                using var gradients = new GradientSet(ofParts);
                accumulating.Step(gradients, 0.02);
                if (part < 3) Assert.Equal(round == 0 ? start : whole.Doubles(), parts.Doubles());
            }
            whole.grad = sum.div(4);
            using var mean = new GradientSet(ofWhole);
            plain.Step(mean, 0.02);
            Assertions.Close(whole.Doubles(), parts.Doubles(), 1e-13);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void State_continues_exactly_in_the_middle_of_a_round(ScalarType dtype)
    {
        double[] Run(bool interrupted)
        {
            using var scope = NewDisposeScope();
            var random = new Random(9);
            using var table = nn.Embedding_from_pretrained(tensor(Noise(random, 20), [5, 4]).to(dtype), freeze: false);
            var weight = table.weight!;
            ParameterGroup[] groups = [new([("table", weight)], 0.01) { Role = ParameterRole.Embedding }];
            var factory = new Tiger(new() { Accumulation = 3 });
            var optimizer = factory.Create(groups);
            for (var step = 0; step < 9; step++)
            {
                table.call(tensor(new long[] { step % 5 })).sum().mul(step % 2 == 0 ? 1 : -1).backward();
                using (var gradients = new GradientSet(groups)) optimizer.Step(gradients, 0.02);
                GradientSet.Clear(groups);
                if (!interrupted || step != 4) continue;
                var state = new MLPipelines.Trainers.Training.TrainingState();
                optimizer.Save(state);
                optimizer.Dispose();
                optimizer = factory.Create(groups);
                optimizer.Load(state);
            }
            optimizer.Dispose();
            return weight.Doubles();
        }
        Assert.Equal(Run(false), Run(true));
    }

    [Fact]
    public void Matrix_of_zeros_never_moves_and_a_vector_of_zeros_does()
    {
        using var scope = NewDisposeScope();
        using var matrix = new Parameter(zeros(2, 3));
        using var vector = new Parameter(zeros(3));
        matrix.grad = ones(2, 3);
        vector.grad = ones(3);
        ParameterGroup[] groups = [new([("matrix", matrix)], 0.01), new([("vector", vector)]) { Role = ParameterRole.Bias }];
        using var optimizer = new Tiger().Create(groups);
        using var gradients = new GradientSet(groups);
        optimizer.Step(gradients, 0.02);
        Assert.All(matrix.Doubles(), value => Assert.Equal(0, value));
        Assert.All(vector.Doubles(), value => Assert.Equal(-0.01, value, 1e-8));
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new Tiger(new() { Beta = 1, Accumulation = 0, ShrinkRatio = 0 }));
        Assert.All(["Beta", "Accumulation", "ShrinkRatio"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }
}
