using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor cholesky(Tensor input) => Ops.linalg_cholesky.T(input);

        public static Tensor det(Tensor input) => Ops.linalg_det.T(input);

        public static (Tensor, Tensor) slogdet(Tensor input) => Ops.linalg_slogdet.T2(input);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Ops.linalg_eigh.T2(input, UPLO.ToString());

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Ops.linalg_eigvalsh.T(input, UPLO.ToString());

        public static Tensor inv(Tensor input) => Ops.linalg_inv.T(input);

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => Ops.linalg_norm_ord_str.T(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Ops.linalg_norm.T(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => Ops.linalg_norm.T(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Ops.linalg_norm.T(input, Arg.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Ops.linalg_vector_norm.T(input, ord, dims, keepdim);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Ops.linalg_qr.T2(input, mode == QRMode.R ? "r" : mode == QRMode.Complete ? "complete" : "reduced");

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Ops.linalg_solve.T(A, B, left);

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Ops.linalg_svd.T3(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => Ops.linalg_svdvals.T(input);
    }
}
