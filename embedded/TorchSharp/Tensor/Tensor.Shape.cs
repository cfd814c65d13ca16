using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Ops.reshape.T(this, shape);
        public Tensor view(params long[] shape) => Ops.view.T(this, shape);
        public Tensor view_as(Tensor other) => Ops.view_as.T(this, other);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.flatten_using_ints.T(this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => dim < 0 || dim >= ndim
            ? throw new ArgumentException($"Invalid 'dim' argument: {dim}.")
            : Ops.unflatten_int.T(this, dim, sizes);
        public Tensor ravel() => Ops.ravel.T(this);
        public Tensor squeeze(long? dim = null) => dim is { } axis ? Ops.squeeze_dim.T(this, axis) : Ops.squeeze.T(this);
        public Tensor squeeze_(long? dim = null) => dim is { } axis ? Ops.squeeze__dim.On(this, axis) : Ops.squeeze_.On(this);
        public Tensor unsqueeze(long dim) => Ops.unsqueeze.T(this, dim);
        public Tensor unsqueeze_(long dim) => Ops.unsqueeze_.On(this, dim);
        public Tensor t() => Ops.t.T(this);
        public Tensor T => Ops.numpy_T.T(this);
        public Tensor mT => Ops.mT.T(this);
        public Tensor transpose(long dim0, long dim1) => Ops.transpose_int.T(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Ops.transpose_.On(this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor permute(params long[] permutation) => Ops.permute.T(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute([.. permutation]);
        public Tensor movedim(long[] source, long[] destination) => Ops.movedim_intlist.T(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);
        public Tensor contiguous() => Ops.contiguous.T(this);
        public Tensor clone() => Ops.clone.T(this);
        public Tensor detach() => Ops.detach.T(this);
        public Tensor detach_() => Ops.detach_.On(this);
        public Tensor expand(params long[] sizes) => Ops.expand.T(this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Ops.expand.T(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Ops.expand.T(this, sizes, isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => Ops.expand.T(this, sizes.Shape, isImplicit);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => Ops.broadcast_to.T(this, shape);
        public Tensor repeat(params long[] sizes) => Ops.repeat.T(this, sizes);
        public Tensor tile(long[] reps) => Ops.tile.T(this, reps);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Ops.repeat_interleave_self_Tensor.T(this, repeats, dim, output_size);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Ops.repeat_interleave_self_int.T(this, repeats, dim, output_size);
        public Tensor flip(params long[] dims) => Ops.flip.T(this, dims);
        public Tensor roll(long shifts, long? dims = null) => Ops.roll.T(this, new[] { shifts }, dims is { } axis ? new[] { axis } : Array.Empty<long>());
        public Tensor roll(long[] shifts, long[] dims) => Ops.roll.T(this, shifts, dims);
        public Tensor roll(long[] shifts) => Ops.roll.T(this, shifts, new long[] { 0 });
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Ops.roll.T(this, shifts, dims);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) => Ops.as_strided.T(this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Ops.unfold.T(this, dimension, size, step);
        public Tensor[] unbind(long dimension = 0L) => Ops.unbind_int.List(this, dimension);
        public Tensor[] split(long size, int dim = 0) => Ops.split_Tensor.List(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Ops.split_with_sizes.List(this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Ops.split_with_sizes.List(this, sizes, dim);
        public Tensor[] split(params long[] sizes) => Ops.split_with_sizes.List(this, sizes, 0);
        public Tensor[] chunk(long chunks, long dim = 0L) => Ops.chunk.List(this, chunks, dim);
        public Tensor[] tensor_split(long size, long dim = 0L) => Ops.tensor_split_sections.List(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0L) => Ops.tensor_split_indices.List(this, sizes, dim);
        public Tensor atleast_1d() => Ops.atleast_1d.T(this);
        public Tensor atleast_2d() => Ops.atleast_2d.T(this);
        public Tensor atleast_3d() => Ops.atleast_3d.T(this);
    }
}
