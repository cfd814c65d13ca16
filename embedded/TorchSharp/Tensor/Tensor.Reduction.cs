using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Ops.sum.T(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.T(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.T(this, dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);
        public Tensor mean() => Ops.mean.T(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Ops.mean_dim.T(this, dimensions, keepdim, type);
        public Tensor prod(ScalarType? type = null) => Ops.prod.T(this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Ops.prod_dim_int.T(this, dim, keepdim, type);
        public Tensor std(bool unbiased = true) => Ops.std.T(this, unbiased);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(Ops.std_dim.T(this, dimensions, unbiased, keepdim), type);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);
        public Tensor var(bool unbiased = true) => Ops.var.T(this, unbiased);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(Ops.var_dim.T(this, dimensions, unbiased, keepdim), type);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);
        public Tensor all() => Ops.all.T(this);
        public Tensor all(long dim, bool keepdim = false) => Ops.all_dim.T(this, dim, keepdim);
        public Tensor any() => Ops.any.T(this);
        public Tensor any(long dim, bool keepdim = false) => Ops.any_dim.T(this, dim, keepdim);
        public Tensor max() => Ops.max.T(this);
        public Tensor max(Tensor other) => Ops.max_other.T(this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Ops.max_dim.T2(this, dim, keepdim);
        public Tensor min() => Ops.min.T(this);
        public Tensor min(Tensor other) => Ops.min_other.T(this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Ops.min_dim.T2(this, dim, keepdim);
        public Tensor amax(params long[] dims) => amax(dims, false);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Ops.amax.T(this, dims, keepdim) : Ops.amax_out.T(this, dims, keepdim, @out);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amax(dims.ToArray(), keepdim, @out);
        public Tensor amin(params long[] dims) => amin(dims, false);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Ops.amin.T(this, dims, keepdim) : Ops.amin_out.T(this, dims, keepdim, @out);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amin(dims.ToArray(), keepdim, @out);
        public Tensor argmax() => Ops.argmax.T(this);
        public Tensor argmax(long dim, bool keepdim = false) => Ops.argmax.T(this, dim, keepdim);
        public Tensor argmin() => Ops.argmin.T(this);
        public Tensor argmin(long dim, bool keepdim = false) => Ops.argmin.T(this, dim, keepdim);
        public Tensor argsort(long dim = -1, bool descending = false) => Ops.argsort.T(this, dim, descending);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Ops.sort_stable.T2(this, stable, dim, descending);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Ops.topk.T2(this, k, dim, largest, sorted);
        public Tensor median() => Ops.median.T(this);
        public Tensor cumsum(long dim, ScalarType? type = null) => Ops.cumsum.T(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Ops.cumprod.T(this, dim, type);
        public (Tensor values, Tensor indexes) cummax(long dim) => Ops.cummax.T2(this, dim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Ops.logsumexp.T(this, new[] { dim }, keepdim);
        public Tensor logcumsumexp(long dim) => Ops.logcumsumexp.T(this, dim);
        public Tensor count_nonzero(long[]? dims = null) => Ops.count_nonzero_dim_IntList.T(this, dims ?? []);
        public Tensor norm(float p = 2.0f) => Ops.norm_Scalar.T(this, (double)p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Ops.norm_ScalarOpt_dim.T(this, (double)p, new long[] { dim }, keepdim);
        public Tensor dist(Tensor other, float p = 2.0f) => Ops.dist.T(this, other, (double)p);
        public Tensor nansum() => Ops.nansum.T(this, None);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.quantile.T(this, q, dim, keepdim);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Ops.bincount.T(this, weights, minlength);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Ops.histc.T(this, bins, min, max);
        public Tensor trace() => Ops.trace.T(this);

        private static Tensor As(Tensor tensor, ScalarType? type)
        {
            if (type is not { } wanted || wanted == tensor.dtype) return tensor;
            using (tensor) return tensor.to(wanted);
        }
    }
}
