using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Ops.cat.T((Tensor[])[.. tensors], dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Ops.stack.T((Tensor[])[.. tensors], dim);

    public static Tensor hstack(IList<Tensor> tensors) => Ops.hstack.T((Tensor[])[.. tensors]);

    public static Tensor hstack(params Tensor[] tensors) => Ops.hstack.T(tensors);

    public static Tensor vstack(IList<Tensor> tensors) => Ops.vstack.T((Tensor[])[.. tensors]);

    public static Tensor einsum(string equation, params Tensor[] tensors) => Ops.einsum.T(equation, tensors);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Ops.meshgrid_indexing.List((Tensor[])[.. tensors], indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Ops.broadcast_tensors.List(tensors);

    public static Tensor block_diag(params Tensor[] tensors) => Ops.block_diag.T(tensors);

    public static Tensor[] where(Tensor condition) => Ops.where.List(condition);

    public static Tensor cdist(
        Tensor x1, Tensor x2, double p = 2.0, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        p < 0 ? throw new ArgumentException("p must be non-negative") : Ops.cdist.T(x1, x2, p, (long)compute_mode);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);
}
