using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Ops.matmul.T(this, target);
        public Tensor mm(Tensor target) => Ops.mm.T(this, target);
        public Tensor mv(Tensor target) => Ops.mv.T(this, target);
        public Tensor dot(Tensor target) => Ops.dot.T(this, target);
        public Tensor vdot(Tensor target) => Ops.vdot.T(this, target);
        public Tensor bmm(Tensor batch2) => Ops.bmm.T(this, batch2);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Ops.baddbmm.T(this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm.T(this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm_.On(this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1.0f, float alpha = 1.0f) => Ops.addmv.T(this, mat, vec, (double)beta, (double)alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1.0f, float alpha = 1.0f) => Ops.addr.T(this, vec1, vec2, (double)beta, (double)alpha);
        public Tensor outer(Tensor vec2) => Ops.outer.T(this, vec2);
        public Tensor ger(Tensor vec2) => outer(vec2);
        public Tensor inner(Tensor vec2) => Ops.inner.T(this, vec2);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Ops.tensordot.T(this, b, dims1, dims2);
        public Tensor inverse() => Ops.linalg_inv.T(this);
        public Tensor det() => Ops.det.T(this);
        public Tensor logdet() => Ops.logdet.T(this);
        public Tensor cholesky(bool upper = false) => Ops.cholesky.T(this, upper);
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Ops.cov.T(this, correction, fweights, aweights);
        public Tensor corrcoef() => Ops.corrcoef.T(this);
        public Tensor kron(Tensor other) => Ops.kron.T(this, other);
        public Tensor matrix_power(int n) => Ops.matrix_power.T(this, n);
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => Ops.linalg_pinv.T(this, rcond, hermitian);
    }
}
