using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Embedded.Tests;

public sealed class GradientTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["polynomial"] = x => x * x * x - 2 * x + 1 / (x * x + 1),
        ["exp_log"] = x => (x.exp() + 1).log() + x.sigmoid() + x.tanh(),
        ["gelu"] = F.gelu,
        ["silu"] = x => F.silu(x),
        ["softmax"] = x => x.softmax(-1) * x,
        ["log_softmax"] = x => F.log_softmax(x, -1),
        ["logsumexp"] = x => x.logsumexp(-1, true) * x,
        ["layer_norm"] = x => F.layer_norm(x, [4], x[0], x[1]),
        ["matmul"] = x => x.matmul(x.transpose(-2, -1)),
        ["einsum"] = x => einsum("ij,kj->ik", x, x.sin()),
        ["linear"] = x => F.linear(x, x, x.sum(1L)),
        ["gather"] = x => x.gather(1, tensor(new long[,] { { 3, 3 }, { 0, 1 }, { 2, 2 } })).pow(2),
        ["index_select"] = x => x.index_select(0, tensor(new long[] { 2, 0, 2 })).cos(),
        ["index"] = x => x[TensorIndex.Colon, TensorIndex.Slice(1, 3)].exp() * x[TensorIndex.Ellipsis, TensorIndex.Tensor(tensor(new long[] { 0, 3 }))],
        ["scatter_add"] = x => zeros(3, 4, ScalarType.Float64).scatter_add(1, tensor(new long[,] { { 0, 0, 1, 3 }, { 1, 1, 1, 1 }, { 3, 2, 1, 0 } }), x.pow(3)),
        ["masked_fill"] = x => x.masked_fill(x > 0, 0).pow(2) + where(x > 0, x.pow(3), x),
        ["cat_stack"] = x => cat([x, x.sin()], 1) * stack([x, x], 1).flatten(1),
        ["split"] = x => x.split(2, 1)[0] * x.chunk(2, 1)[1] + x.unbind(0)[1].unsqueeze(0)[TensorIndex.Colon, TensorIndex.Slice(0, 2)],
        ["cumsum"] = x => x.cumsum(1).pow(2),
        ["norm"] = x => x.norm() + x.std(1) + x.mean([0]).sum() + x.var(0L).sum(),
        ["max"] = x => x.max(1).values * x.amax([1]) + x.topk(2).values.sum(1L),
        ["attention"] = x => F.scaled_dot_product_attention(x.unsqueeze(0), x.sin().unsqueeze(0), x.cos().unsqueeze(0)),
        ["bce"] = x => F.binary_cross_entropy_with_logits(x, full_like(x, 0.3), reduction: nn.Reduction.None),
        ["cross_entropy"] = x => F.cross_entropy(x, tensor(new long[] { 1, 0, 3 }), label_smoothing: 0.1),
        ["norms"] = x => x / linalg.norm(x, dims: [-1], keepdim: true),
        ["complex"] = x => (x.reshape(3, 2, 2).view_as_complex() * x.reshape(3, 2, 2).sin().view_as_complex()).view_as_real(),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_finite_differences(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var x = randn(3, 4, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var weights = randn(Functions[name](x).shape, dtype: ScalarType.Float64, generator: generator);
        double At(Tensor point) => (Functions[name](point) * weights).sum().ToDouble();

        (Functions[name](x) * weights).sum().backward();
        var analytic = Expect.Numbers(x.grad!);

        using var without = no_grad();
        const double step = 1e-6;
        for (var i = 0; i < 12; i++)
        {
            double Moved(double by)
            {
                var point = x.detach().clone();
                point.view(-1)[i].add_(by);
                return At(point);
            }
            var numeric = (Moved(step) - Moved(-step)) / (2 * step);
            Assert.True(Math.Abs(numeric - analytic[i]) < 1e-6 * Math.Max(1, Math.Abs(numeric)), $"{name}[{i}]: {analytic[i]} instead of {numeric}");
        }
    }

    [Fact]
    public void Gradients_accumulate_until_they_are_cleared()
    {
        var w = tensor(new[] { 3f }, requires_grad: true);
        Assert.Null(w.grad);
        (w * w).sum().backward();
        (w * w).sum().backward();
        Expect.Equal(w.grad!, 12);
        w.grad = null;
        Assert.Null(w.grad);
        w.grad = tensor(new[] { 5f });
        Expect.Equal(w.grad, 5);
    }

    [Fact]
    public void Gradients_are_returned_without_being_stored()
    {
        var x = tensor(2.0, requires_grad: true);
        var y = tensor(3.0, requires_grad: true);
        var grads = autograd.grad([x * x * y], [x, y]);
        Expect.Equal(grads[0], 12);
        Expect.Equal(grads[1], 4);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Gradients_of_gradients()
    {
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], retain_graph: true, create_graph: true)[0];
        Expect.Equal(first, 12);
        Expect.Equal(autograd.grad([first], [x])[0], 12);
    }

    [Fact]
    public void Only_leaves_keep_their_gradient_unless_told()
    {
        var x = tensor(2.0, requires_grad: true);
        var y = x * x;
        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        y.retain_grad();
        (y * 3).backward();
        Expect.Equal(y.grad!, 3);
        Expect.Equal(x.grad!, 12);
        Assert.False(y.detach().requires_grad);
    }

    [Fact]
    public void A_vector_needs_a_gradient_of_its_own()
    {
        var x = ones(2, requires_grad: true);
        var y = x * 2;
        y.backward([tensor(new[] { 1f, 10f })]);
        Expect.Equal(x.grad!, 2, 20);
    }

    [Fact]
    public void Sparse_gradients_name_their_rows()
    {
        var table = nn.Embedding(5, 2, sparse: true);
        table.call(tensor(new long[] { 3, 1, 3 })).sum().backward();
        var gradient = table.parameters().Single().grad!;
        Assert.True(gradient.is_sparse);
        Expect.Equal(gradient.SparseIndices, 3, 1, 3);
        Expect.Shape(gradient.SparseValues, 3, 2);
        Expect.Equal(gradient.to_dense(), 0, 0, 1, 1, 0, 0, 2, 2, 0, 0);
    }
}
