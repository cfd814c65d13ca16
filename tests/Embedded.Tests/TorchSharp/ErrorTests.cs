using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class ErrorTests
{
    private static string MessageOf(Func<object> action) => Assert.ThrowsAny<ExternalException>(action).Message;

    [Fact]
    public void Messages_are_libtorchs_own()
    {
        Assert.Contains("The size of tensor a (2) must match the size of tensor b (3)", MessageOf(() => ones(2) + ones(3)), StringComparison.Ordinal);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x2 and 3x3)", MessageOf(() => ones(2, 2).mm(ones(3, 3))), StringComparison.Ordinal);
        Assert.Contains("shape '[5]' is invalid for input of size 4", MessageOf(() => ones(4).reshape(5)), StringComparison.Ordinal);
        Assert.Contains("index out of range in self", MessageOf(() =>
            ones(4).index_select(0, tensor(new long[] { 7 })).cpu()), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Dimension out of range", MessageOf(() => ones(4).unsqueeze(3)), StringComparison.Ordinal);
        Assert.Contains("leaf Variable that requires grad", MessageOf(() => ones(1, requires_grad: true).add_(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_says_what_is_missing()
    {
        Assert.Contains("does not require grad", Assert.ThrowsAny<ExternalException>(() => ones(1).backward()).Message, StringComparison.Ordinal);
        var y = (ones(1, requires_grad: true) * 2).pow(2).sum();
        y.backward();
        Assert.Contains("second time", Assert.ThrowsAny<ExternalException>(() => y.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var x = ones(2);
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => x + 1);
        Assert.Throws<InvalidOperationException>(() => x.shape);
        using var y = ones(2);
        Assert.Throws<InvalidOperationException>(() => y + x);
        Assert.Throws<InvalidOperationException>(() => stack([y, x]));
        Expect.Equal(y + 1, 2, 2);
    }

    [Fact]
    public void An_error_leaves_the_thread_usable()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.ThrowsAny<ExternalException>(() => ones(2) + ones(3));
            Expect.Equal(ones(2) + ones(2), 2, 2);
        }
    }
}
