using MLPipelines.Encoders;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the encoder contract.</summary>
static class EncoderChecks
{
    const double Tolerance = 1e-5;

    public static IEnumerable<ContractCheck<EncoderContractCase>> For(EncoderContractCase @case)
    {
        yield return new(OutputHasTheWidthPromised);
        yield return new(PaddingChangesNothing);
        yield return new(RowsDoNotSeeTheirNeighbours);
        yield return new(EvaluationIsDeterministic);
        yield return new(TrainingDropsOut);
        yield return new(SameGeneratorGivesSameNumbers);
        yield return new(EveryParameterGetsAGradient);
        yield return new(ParametersAreTheApprovedOnes);
        yield return new(WeightsSurviveSaveAndLoad);
        yield return new(TooLongInputNamesTheLimit);
        yield return new(InputIsLeftAlone);
        yield return new(EvaluationIsThreadSafe);
        if (@case.IsShiftInvariant) yield return new(OnlyDistancesMatter);
        yield return new(GlobalStateIsUntouched);
        yield return new(FreesNativeMemory);
        if (cuda.is_available()) yield return new(GpuGivesSameAnswerAsCpu);
    }

    public static void OutputHasTheWidthPromised(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 7);
        using var output = made.Module.call(input.Value);
        Require.Equal($"2, 7, {made.Encoder.HiddenSize}", string.Join(", ", output.shape), "the shape of the output");
        Require.That(output.isfinite().all().item<bool>(), "the output is not finite");
    }

    public static void PaddingChangesNothing(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6);
        using var padded = new Input(2, 6, right: 4);
        Near(made.Run(input), made.Run(padded)[.., ..6], "padding on the right changed the vectors of real tokens");
    }

    public static void RowsDoNotSeeTheirNeighbours(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var scope = NewDisposeScope();
        using var input = new Input(3, 6);
        var together = made.Run(input);
        for (var row = 0; row < 3; row++)
        {
            var alone = made.Module.call(new(input.Value.Ids[row..(row + 1)], input.Value.Mask[row..(row + 1)]));
            Near(alone, together[row..(row + 1)], $"row {row} alone differs from row {row} in a batch");
        }
    }

    public static void EvaluationIsDeterministic(EncoderContractCase @case)
    {
        using var made = new Made(@case, dropout: 0.5);
        using var input = new Input(2, 6);
        Near(made.Run(input), made.Run(input), "two evaluations differ", tolerance: 0);
    }

    public static void TrainingDropsOut(EncoderContractCase @case)
    {
        using var made = new Made(@case, dropout: 0.5);
        using var input = new Input(2, 6);
        made.Module.train();
        using var scope = NewDisposeScope();
        Require.That(made.Run(input).sub(made.Run(input)).abs().max().ToDouble() > Tolerance, "two forward passes in training mode agree: there is no dropout");
        using var without = new Made(@case);
        without.Module.train();
        Near(without.Run(input), without.Run(input), "two forward passes in training mode with dropout 0 differ", tolerance: 0);
    }

    public static void SameGeneratorGivesSameNumbers(EncoderContractCase @case)
    {
        using var a = new Made(@case, dropout: 0.5);
        using var b = new Made(@case, dropout: 0.5);
        using var input = new Input(2, 6);
        a.Module.train();
        b.Module.train();
        Near(a.Run(input), b.Run(input), "the same seed gives other weights or other dropout", tolerance: 0);
    }

    public static void EveryParameterGetsAGradient(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6, types: true);
        made.Module.train();
        using var scope = NewDisposeScope();
        // A weighted sum, because the plain sum of a normalised vector does not depend on its parts.
        var output = made.Module.call(input.Value);
        output.mul(linspace(-1, 2, output.shape[2]).square()).sum().backward();
        foreach (var (name, parameter) in made.Module.named_parameters())
        {
            var gradient = parameter.grad;
            var dense = gradient is { is_sparse: true } ? gradient.to_dense() : gradient;
            Require.That(dense is not null, $"the parameter '{name}' gets no gradient");
            Require.That(dense.isfinite().all().item<bool>(), $"the gradient of '{name}' is not finite");
            parameter.grad = null;
        }
    }

    public static void ParametersAreTheApprovedOnes(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        var actual = made.Module.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]").Order(StringComparer.Ordinal).ToList();
        var expected = @case.Parameters.Order(StringComparer.Ordinal).ToList();
        Require.That(
            actual.SequenceEqual(expected),
            $"the parameters are not the approved ones. Missing: {string.Join("; ", expected.Except(actual))}. "
            + $"Unexpected: {string.Join("; ", actual.Except(expected))}. All:\n{string.Join("\n", actual)}");
    }

    public static void WeightsSurviveSaveAndLoad(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var other = new Made(@case, seed: 99);
        using var input = new Input(2, 6);
        using var scope = NewDisposeScope();
        Require.That(made.Run(input).sub(other.Run(input)).abs().max().ToDouble() > Tolerance, "two seeds give the same weights");
        using var file = new MemoryStream();
        Safetensors.Write(file, ModuleWeights.Export(made.Module));
        file.Position = 0;
        ModuleWeights.Import(other.Module, Safetensors.Read(file), "the encoder");
        Near(made.Run(input), other.Run(input), "saved and loaded weights give another output", tolerance: 0);
    }

    public static void TooLongInputNamesTheLimit(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        var limit = made.Encoder.MaximumLength;
        using (var longest = new Input(1, limit)) made.Run(longest).Dispose();
        using var tooLong = new Input(1, limit + 1);
        var message = "";
        try
        {
            made.Run(tooLong).Dispose();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            message = exception.Message;
        }

        Require.That(message.Contains($"{limit}", StringComparison.Ordinal) && message.Contains($"{limit + 1}", StringComparison.Ordinal),
            $"an input of {limit + 1} tokens has to be an ArgumentOutOfRangeException that names the limit {limit}, got \"{message}\"");
    }

    public static void InputIsLeftAlone(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6, right: 2, types: true);
        using var scope = NewDisposeScope();
        Tensor[] inputs = [input.Value.Ids, input.Value.Mask, input.Value.TokenTypes!];
        var before = inputs.Select(tensor => tensor.clone()).ToList();
        made.Run(input).fill_(7).Dispose();
        Require.That(inputs.All(tensor => !tensor.IsInvalid), "the encoder disposed its input");
        Require.That(inputs.Zip(before).All(pair => pair.First.eq(pair.Second).all().item<bool>()), "the encoder changed its input");
        Require.That(made.Module.parameters().All(parameter => !parameter.IsInvalid), "disposing the output disposed a parameter: the output was not fresh");
        Require.That(made.Run(input).ne(7).any().item<bool>(), "writing to the output changed a parameter: the output was not fresh");
    }

    public static void EvaluationIsThreadSafe(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6);
        using var expected = made.Run(input);
        Concurrently.Run(8, () =>
        {
            using var scope = NewDisposeScope();
            for (var i = 0; i < 10; i++) Near(expected, Evaluate(), "concurrent evaluation differs from serial evaluation");
        });

        // What alone works and throws in company is a violation as well: which of the two a race gives is a matter of luck.
        Tensor Evaluate()
        {
            try
            {
                return made.Run(input);
            }
            catch (Exception exception)
            {
                throw new ContractViolationException($"concurrent evaluation throws: {exception.Message}");
            }
        }
    }

    /// <summary>Padding on the left moves every real token to another position.</summary>
    public static void OnlyDistancesMatter(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6);
        using var shifted = new Input(2, 6, left: 4);
        Near(made.Run(input), made.Run(shifted)[.., 4..], "moving all tokens changed their vectors");
    }

    public static void GlobalStateIsUntouched(EncoderContractCase @case)
    {
        var before = TorchState.Capture();
        using var made = new Made(@case, dropout: 0.5);
        made.Module.train();
        using var input = new Input(2, 6);
        made.Run(input).Dispose();
        before.RequireUnchanged("the encoder");
    }

    public static void FreesNativeMemory(EncoderContractCase @case)
    {
        using var input = new Input(2, 6, right: 2);
        using (var made = new Made(@case, dropout: 0.1))
        {
            made.Run(input).Dispose();
            NativeMemory.RequireNoLeak("evaluation", 10, () => made.Run(input).Dispose());
            made.Module.train();
            NativeMemory.RequireNoLeak("a forward pass in training mode", 10, () => made.Module.call(input.Value).Dispose());
        }

        NativeMemory.RequireNoLeak("making and disposing the encoder", 2, () => new Made(@case).Dispose());
    }

    public static void GpuGivesSameAnswerAsCpu(EncoderContractCase @case)
    {
        using var made = new Made(@case);
        using var input = new Input(2, 6, right: 2);
        using var scope = NewDisposeScope();
        var expected = made.Run(input);
        made.Module.to(CUDA);
        var actual = made.Module.call(new(input.Value.Ids.cuda(), input.Value.Mask.cuda())).cpu();
        Near(expected[.., ..6], actual[.., ..6], "the GPU gives another answer than the CPU", tolerance: 1e-3);
    }

    static void Near(Tensor expected, Tensor actual, string message, double tolerance = Tolerance)
    {
        using var scope = NewDisposeScope();
        var difference = expected.detach().sub(actual.detach()).abs().max().ToDouble();
        Require.That(difference <= tolerance, $"{message}: by up to {difference:G3}");
    }

    /// <summary>An encoder in evaluation mode, with its generator.</summary>
    sealed class Made : IDisposable
    {
        readonly Generator _generator;

        public Made(EncoderContractCase @case, double dropout = 0, ulong seed = 3)
        {
            _generator = new(seed, CPU);
            Module = @case.Create(dropout, _generator);
            Module.eval();
        }

        public nn.Module<EncoderInput, Tensor> Module { get; }

        public IEncoder Encoder => (IEncoder)Module;

        public Tensor Run(Input input)
        {
            using var noGrad = no_grad();
            return Module.call(input.Value);
        }

        public void Dispose()
        {
            Module.Dispose();
            _generator.Dispose();
        }
    }

    /// <summary>Rows of different token ids, with as many padding positions before and after as wanted.</summary>
    sealed class Input : IDisposable
    {
        public Input(int rows, int tokens, int left = 0, int right = 0, bool types = false)
        {
            var width = left + tokens + right;
            var (ids, mask, segments) = (new long[rows * width], new bool[rows * width], new long[rows * width]);
            for (var row = 0; row < rows; row++)
            {
                for (var i = 0; i < tokens; i++)
                {
                    var at = (row * width) + left + i;
                    (ids[at], mask[at], segments[at]) = (1 + (((5 * row) + (3 * i)) % 19), true, i % 2);
                }
            }

            Value = new(tensor(ids, [rows, width]), tensor(mask, [rows, width]), types ? tensor(segments, [rows, width]) : null);
        }

        public EncoderInput Value { get; }

        public void Dispose()
        {
            Value.Ids.Dispose();
            Value.Mask.Dispose();
            Value.TokenTypes?.Dispose();
        }
    }
}
