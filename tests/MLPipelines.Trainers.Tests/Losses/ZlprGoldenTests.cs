using System.Text.Json;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

/// <summary>Both forms of ZLPR against numbers of the authors' code (tests/goldens/zlpr.json, global_pointer_loss_and_f1.json).</summary>
public sealed class ZlprGoldenTests
{
    static readonly JsonElement s_golden = Golden.Load("zlpr.json");

    public static TheoryData<string, ScalarType, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, ScalarType, bool>();
            foreach (var name in new[] { "hard", "masked", "overflow_case" })
            {
                foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                {
                    cases.Add(name, dtype, false);
                    cases.Add(name, dtype, true);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_of_every_row_is_that_of_the_authors(string name, ScalarType dtype, bool sparse)
    {
        using var scope = NewDisposeScope();
        var block = s_golden.At(name);
        var scores = block.At("scores").Tensor(dtype);
        var labels = block.At("labels").Tensor(dtype);
        var expected = block.At("loss_per_row").Tensor(ScalarType.Float64).Doubles();
        for (var row = 0; row < expected.Length; row++)
        {
            var loss = Compute(scores[row].unsqueeze(0), labels[row].unsqueeze(0), sparse);
            Assertions.Close([expected[row]], loss.Doubles(), dtype == ScalarType.Float64 ? 1e-10 : 1e-5);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, false, 1e-4, 1e-6)]
    [InlineData(ScalarType.Float32, true, 1e-4, 1e-6)]
    // The reference clips with ε = 1e-7, hence the absolute tolerance.
    [InlineData(ScalarType.Float64, false, 1e-10, 1e-7)]
    [InlineData(ScalarType.Float64, true, 1e-10, 1e-7)]
    public void Gradient_is_that_of_the_reference(ScalarType dtype, bool sparse, double relative, double absolute)
    {
        using var scope = NewDisposeScope();
        var block = s_golden.At("hard");
        var scores = block.At("scores").Tensor(dtype).requires_grad_();
        var labels = block.At("labels").Tensor(dtype);
        Compute(scores, labels, sparse).mul(scores.shape[0]).backward(); // the golden is the gradient of the sum over rows
        Assertions.Close(block.At("grad_of_sum").Tensor(ScalarType.Float64).Doubles(), scores.grad!.Doubles(), relative, absolute);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Masked_scores_get_a_gradient_of_exactly_zero_and_change_nothing_else(bool sparse)
    {
        using var scope = NewDisposeScope();
        var block = s_golden.At("masked");
        var scores = block.At("scores").Tensor(ScalarType.Float64).requires_grad_();
        Compute(scores, block.At("labels").Tensor(ScalarType.Float64), sparse).backward();
        var values = scores.Doubles();
        var gradient = scores.grad!.Doubles();
        Assert.All(gradient, g => Assert.True(double.IsFinite(g)));
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNegativeInfinity(values[i])) Assert.Equal(0, gradient[i]);
            else Assert.NotEqual(0, gradient[i]);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-9)]
    public void Span_loss_is_that_of_the_GlobalPointer_author(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Load("global_pointer_loss_and_f1.json");
        var logits = Golden.Load("global_pointer.json").At("outputs").At("logits_rope").Tensor(dtype);  // [B, E, T, T], −∞ where masked
        var labels = golden.At("labels").Tensor(dtype);
        var expected = golden.At("loss").Number();
        foreach (var sparse in new[] { false, true })
        {
            Assertions.Close([expected], Compute(logits.flatten(2), labels.flatten(2), sparse).Doubles(), tolerance);
        }
    }

    /// <summary>The authors' sparse form keeps class 0 for padding; ours leaves it out by a mask and pads with −1.</summary>
    [Fact]
    public void Sparse_form_with_a_reserved_class_is_that_of_the_authors()
    {
        using var scope = NewDisposeScope();
        var block = s_golden.At("sparse_mask_zero");
        var scores = block.At("scores").Tensor(ScalarType.Float64);
        var ids = block.At("positive_ids").Tensor(ScalarType.Int64);
        var expected = block.At("loss_per_row").Tensor(ScalarType.Float64).Doubles();
        var exists = arange(scores.shape[1]).gt(0).unsqueeze(0); // [1, C]
        for (var row = 0; row < expected.Length; row++)
        {
            var targets = ids[row].unsqueeze(0);
            targets = targets.masked_fill(targets.eq(0), -1);
            Assertions.Close([expected[row]], new SparseZlprLoss().Compute(scores[row].unsqueeze(0), targets, exists).Doubles(), 1e-6);
        }
    }

    /// <summary>Mean over rows.</summary>
    internal static Tensor Compute(Tensor scores, Tensor labels, bool sparse, Tensor? mask = null) =>
        sparse ? new SparseZlprLoss().Compute(scores, Sparse(labels), mask) : new ZlprLoss().Compute(scores, labels, mask);

    /// <summary>Dense 0/1 labels [rows…, C] as indices [rows…, K], padded with −1.</summary>
    internal static Tensor Sparse(Tensor labels)
    {
        var classes = (int)labels.shape[^1];
        var rows = labels.Doubles().Chunk(classes).Select(row => row.Select((y, i) => (y, i)).Where(x => x.y > 0.5).Select(x => (long)x.i).ToArray()).ToList();
        var most = Math.Max(1, rows.Max(r => r.Length));
        var padded = rows.SelectMany(r => r.Concat(Enumerable.Repeat(-1L, most - r.Length))).ToArray();
        return tensor(padded, [.. labels.shape[..^1], most]);
    }
}
