using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor index_select(long dim, Tensor index) => Ops.index_select.T(this, dim, index);
        public Tensor select(long dim, long index) => Ops.select_int.T(this, dim, index);
        public Tensor narrow(long dim, long start, long length) => Ops.narrow.T(this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => Ops.slice_Tensor.T(this, dim, start, finish, step);
        public Tensor take(Tensor index) => Ops.take.T(this, index);
        public Tensor take_along_dim(Tensor indices) => Ops.take_along_dim.T(this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) => Ops.take_along_dim.T(this, indices, dim);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add.T(this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add_.On(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Ops.index_copy.T(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Ops.index_copy_.On(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Ops.index_fill_int_Scalar.T(this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Ops.index_fill__int_Scalar.On(this, dim, index, value);
        public Tensor gather(long dim, Tensor index) => Ops.gather.T(this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.scatter_src.T(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Ops.scatter__src.On(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Ops.scatter_add.T(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Ops.scatter_add_.On(this, dim, index, src);
        public Tensor diagonal_scatter(Tensor src, long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Ops.diagonal_scatter.T(this, src, offset, dim1, dim2);
        public Tensor select_scatter(Tensor src, long dim, long index) => Ops.select_scatter.T(this, src, dim, index);
        public Tensor slice_scatter(Tensor src, long dim = 0L, long? start = null, long? end = null, long step = 1L) =>
            Ops.slice_scatter.T(this, src, dim, start, end, step);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.masked_fill_Scalar.T(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Ops.masked_fill__Scalar.On(this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Ops.masked_scatter.T(this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Ops.masked_scatter_.On(this, mask, value);
        public Tensor masked_select(Tensor mask) => Ops.masked_select.T(this, mask);
        public Tensor where(Tensor condition, Tensor y) => Ops.where_self.T(condition, this, y);
        public Tensor nonzero() => Ops.nonzero.T(this);
        public Tensor argwhere() => Ops.argwhere.T(this);
        public Tensor tril(long diagonal = 0) => Ops.tril.T(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Ops.tril_.On(this, diagonal);
        public Tensor triu(long diagonal = 0) => Ops.triu.T(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Ops.triu_.On(this, diagonal);
        public Tensor diag(long diagonal = 0) => Ops.diag.T(this, diagonal);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 0) => Ops.diagonal.T(this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Ops.diag_embed.T(this, offset, dim1, dim2);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Ops.bucketize_Tensor.T(this, boundaries, outInt32, right);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Ops.diff.T(this, n, dim, prepend, append);
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Parts(dim is { } axis
                ? Ops.unique_dim.T3(this, axis, sorted, return_inverse, return_counts)
                : Ops._unique2.T3(this, sorted, return_inverse, return_counts), return_inverse, return_counts);
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(
            bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Parts(Ops.unique_consecutive.T3(this, return_inverse, return_counts, dim), return_inverse, return_counts);

        private static (Tensor, Tensor?, Tensor?) Parts((Tensor Output, Tensor Inverse, Tensor Counts) found, bool inverse, bool counts)
        {
            if (!inverse) found.Inverse.Dispose();
            if (!counts) found.Counts.Dispose();
            return (found.Output, inverse ? found.Inverse : null, counts ? found.Counts : null);
        }
    }
}
