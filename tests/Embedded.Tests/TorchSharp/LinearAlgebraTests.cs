using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class LinearAlgebraTests
{
    private static Tensor Square => tensor(new double[,] { { 4, 1 }, { 1, 3 } });

    [Fact]
    public void Products_of_matrices_and_vectors()
    {
        var a = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        var b = tensor(new float[,] { { 0, 1 }, { 1, 0 } });
        Expect.Equal(a.matmul(b), 2, 1, 4, 3);
        Expect.Equal(a.mm(b), 2, 1, 4, 3);
        Expect.Equal(a.mv(tensor(new[] { 1f, 1f })), 3, 7);
        Expect.Equal(a.unsqueeze(0).bmm(b.unsqueeze(0)), 2, 1, 4, 3);
        Expect.Equal(a.addmm(a, b, beta: 2, alpha: 10), 22, 14, 46, 38);
        Expect.Equal(tensor(new[] { 1f, 2f }).outer(tensor(new[] { 3f, 4f })), 3, 4, 6, 8);
        Expect.Equal(tensor(new[] { 1f, 2f }).dot(tensor(new[] { 3f, 4f })), 11);
        Expect.Equal(einsum("ij,kj->ik", a, b), 2, 1, 4, 3);
        Expect.Equal(einsum("ii", a), 5);
        Expect.Equal(nn.functional.linear(a, b, tensor(new[] { 1f, 2f })), 3, 3, 5, 5);
    }

    [Fact]
    public void Symmetric_matrices_are_taken_apart_and_put_together()
    {
        var (values, vectors) = linalg.eigh(Square);
        Expect.Close(values, 1e-9, (7 - Math.Sqrt(5)) / 2, (7 + Math.Sqrt(5)) / 2);
        Expect.Close(vectors.matmul(values.diag()).matmul(vectors.t()), 1e-9, 4, 1, 1, 3);
    }

    [Fact]
    public void Singular_values_give_the_matrix_back()
    {
        var x = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var (u, s, vh) = linalg.svd(x, fullMatrices: false);
        Expect.Close(u.matmul(s.diag()).matmul(vh), 1e-9, 1, 2, 3, 4, 5, 6);
        Assert.True(s[0].ToDouble() >= s[1].ToDouble());
    }

    [Fact]
    public void Factors_and_inverses()
    {
        var (q, r) = linalg.qr(Square);
        Expect.Close(q.matmul(r), 1e-9, 4, 1, 1, 3);
        var l = linalg.cholesky(Square);
        Expect.Close(l.matmul(l.t()), 1e-9, 4, 1, 1, 3);
        Expect.Close(linalg.inv(Square).matmul(Square), 1e-9, 1, 0, 0, 1);
        Expect.Close(linalg.solve(Square, tensor(new double[,] { { 5 }, { 4 } })), 1e-9, 1, 1);
        Expect.Close(linalg.det(Square), 1e-9, 11);
    }
}
