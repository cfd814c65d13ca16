using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Optimizers;

[ContractOf(typeof(AdamW))]
public sealed class AdamWContract : OptimizerContractTests
{
    protected override OptimizerContractCase Case => new(new AdamW(), (parameter, gradients, rate, decay) =>
    {
        var reference = new AdamWTests.Reference([.. parameter], decay, new AdamW.Options());
        foreach (var gradient in gradients) reference.Step(gradient, rate);
        return reference.Parameter;
    });
}

public sealed class AdamWTests
{
    /// <summary>The textbook formula in float64.</summary>
    internal sealed class Reference(double[] parameter, double decay, AdamW.Options options)
    {
        public double[] Parameter { get; } = parameter;

        readonly double[] first = new double[parameter.Length];
        readonly double[] second = new double[parameter.Length];
        int steps;

        public void Step(double[] gradient, double rate)
        {
            steps++;
            for (var i = 0; i < Parameter.Length; i++)
            {
                Parameter[i] -= rate * decay * Parameter[i];
                first[i] = options.Beta1 * first[i] + (1 - options.Beta1) * gradient[i];
                second[i] = options.Beta2 * second[i] + (1 - options.Beta2) * gradient[i] * gradient[i];
                var mean = first[i] / (1 - Math.Pow(options.Beta1, steps));
                var variance = second[i] / (1 - Math.Pow(options.Beta2, steps));
                Parameter[i] -= rate * mean / (Math.Sqrt(variance) + options.Epsilon);
            }
        }
    }

    static double[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 2 - 1)];

    static Parameter Make(double[] values, long[] shape, ScalarType dtype)
    {
        using var raw = tensor(values, shape);
        return nn.Parameter(raw.to(dtype));
    }

    [Theory]
    [InlineData(new long[] { 300, 37 }, ScalarType.Float32, 2e-6)] // the fused pass, with a remainder in every row
    [InlineData(new long[] { 5 }, ScalarType.Float32, 2e-6)]
    [InlineData(new long[] { 7, 5 }, ScalarType.Float64, 1e-12)]   // operators
    public void Follows_the_formula_for_ten_steps(long[] shape, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var options = new AdamW.Options { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-6 };
        var values = Noise(random, (int)shape.Aggregate((a, b) => a * b));
        using var parameter = Make(values, shape, dtype);
        var reference = new Reference(parameter.Doubles(), 0.1, options);
        ParameterGroup[] groups = [new([("p", parameter)], WeightDecay: 0.1, RateFactor: 0.5)];
        using var optimizer = new AdamW(options).Create(groups);
        for (var step = 0; step < 10; step++)
        {
            using var g = tensor(Noise(random, values.Length), shape);
            parameter.grad = g.to(dtype);
            reference.Step([.. parameter.grad!.Doubles().Select(x => x * 0.25)], 0.02 * 0.5);
            using var gradients = new GradientSet(groups) { Scale = 0.25 };
            optimizer.Step(gradients, 0.02);
        }
        Assertions.Close(reference.Parameter, parameter.Doubles(), tolerance, tolerance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sparse_and_dense_table_gradients_give_the_textbook_result_for_every_row(bool sparse)
    {
        const int Rows = 50, Width = 19;
        using var scope = NewDisposeScope();
        var random = new Random(2);
        using var table = nn.Embedding(Rows, Width, sparse: sparse);
        var weight = (Parameter)table.parameters().Single();
        var reference = new Reference(weight.Doubles(), 0.3, new AdamW.Options());
        ParameterGroup[] groups = [new([("weight", weight)], WeightDecay: 0.3)];
        using var optimizer = new AdamW().Create(groups);
        for (var step = 0; step < 8; step++)
        {
            // Rows 0 to 9 only, with repetitions: row 3 at most steps, others once and then never again, rows from 10 never.
            long[] ids = [3, step, 3, (step * 7) % 10];
            var factors = Noise(random, ids.Length * Width);
            var gradient = new double[Rows * Width];
            for (var i = 0; i < ids.Length; i++)
            {
                for (var j = 0; j < Width; j++) gradient[ids[i] * Width + j] += (float)factors[i * Width + j];
            }
            reference.Step(gradient, 0.01);

            var output = table.call(tensor(ids));
            output.mul(tensor(factors, [ids.Length, Width], ScalarType.Float32)).sum().backward();
            using (var gradients = new GradientSet(groups))
            {
                Assert.Equal(sparse, gradients["weight"]!.Rows is not null);
                Assertions.Close([Math.Sqrt(gradient.Sum(x => x * x))], [gradients.Norm()], 1e-5);
                optimizer.Step(gradients, 0.01);
            }
            GradientSet.Clear(groups);
            using var cleared = weight.grad;
            Assert.Null(cleared);
        }
        Assertions.Close(reference.Parameter, weight.Doubles(), 5e-6, 5e-6);
    }

    [Fact]
    public void Number_of_threads_does_not_change_a_bit()
    {
        float[] Run(int threads)
        {
            var before = get_num_threads();
            set_num_threads(threads);
            try
            {
                using var scope = NewDisposeScope();
                var random = new Random(3);
                using var parameter = Make(Noise(random, 400_000), [2000, 200], ScalarType.Float32);
                ParameterGroup[] groups = [new([("p", parameter)], 0.01)];
                using var optimizer = new AdamW().Create(groups);
                for (var step = 0; step < 3; step++)
                {
                    parameter.grad = tensor(Noise(random, 400_000), [2000, 200], ScalarType.Float32);
                    using var gradients = new GradientSet(groups);
                    optimizer.Step(gradients, 0.01);
                }
                return parameter.data<float>().ToArray();
            }
            finally
            {
                set_num_threads(before);
            }
        }
        Assert.Equal(Run(1), Run(4));
    }

    [Fact]
    public void Parameters_without_a_gradient_are_left_alone()
    {
        using var scope = NewDisposeScope();
        using var parameter = Make([1, 2, 3, 4], [2, 2], ScalarType.Float32);
        ParameterGroup[] groups = [new([("p", parameter)], 0.5)];
        using var optimizer = new AdamW().Create(groups);
        using var gradients = new GradientSet(groups);
        optimizer.Step(gradients, 0.1);
        Assert.Equal([1, 2, 3, 4], parameter.Doubles());
        Assert.Equal(0, gradients.Norm());
    }

    [Fact]
    public void Solves_a_quadratic()
    {
        using var scope = NewDisposeScope();
        using var parameter = Make([5, -3], [2], ScalarType.Float32);
        ParameterGroup[] groups = [new([("p", parameter)])];
        using var optimizer = new AdamW().Create(groups);
        for (var step = 0; step < 500; step++)
        {
            using var inner = NewDisposeScope();
            parameter.sub(tensor(new[] { 1f, 2f })).square().sum().backward();
            using var gradients = new GradientSet(groups);
            optimizer.Step(gradients, 0.1 * (1 - step / 500.0));
            GradientSet.Clear(groups);
        }
        Assertions.Close([1, 2], parameter.Doubles(), 0, 1e-3);
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new AdamW(new() { Beta1 = 1, Epsilon = 0 }));
        Assert.Contains("Beta1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Epsilon", error.Message, StringComparison.Ordinal);
    }
}
