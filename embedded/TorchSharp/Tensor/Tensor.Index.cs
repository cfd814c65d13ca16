using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index((TensorIndex[])[i1, i2]);
            set => index_put_(value, (TensorIndex[])[i1, i2]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index((TensorIndex[])[i1, i2, i3]);
            set => index_put_(value, (TensorIndex[])[i1, i2, i3]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index((TensorIndex[])[i1, i2, i3, i4]);
            set => index_put_(value, (TensorIndex[])[i1, i2, i3, i4]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index([.. indices.Select(i => TensorIndex.Single(i))]);
            set => index_put_(value, [.. indices.Select(i => TensorIndex.Single(i))]);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            if (tensors is null) return view;
            try
            {
                return Ops.index_Tensor.T(view, Arg.Optional(tensors));
            }
            finally
            {
                Discard(view, tensors, indices);
            }
        }

        public Tensor index(params Tensor[] indices) => Ops.index_Tensor.T(this, Arg.Optional(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            try
            {
                if (tensors is null) view.copy_(value);
                else Ops.index_put_.On(view, Arg.Optional(tensors), value);
                return this;
            }
            finally
            {
                Discard(view, tensors, indices);
            }
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Ops.index_put_.On(this, Arg.Optional(indices), value);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            using var number = Filled(value);
            try
            {
                if (tensors is null) view.fill_(value);
                else Ops.index_put_.On(view, Arg.Optional(tensors), number);
                return this;
            }
            finally
            {
                Discard(view, tensors, indices);
            }
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = Filled(value);
            return index_put_(number, indices);
        }

        private Tensor Filled(Scalar value) => Ops.full.T(Array.Empty<long>(), value, dtype, Arg.None, device);

        /// <summary>
        /// Applies the numbers, slices and new axes one after the other as views; what is left are tensors, one per axis of
        /// the view, null standing for the whole axis; null if no tensor takes part.
        /// </summary>
        private (Tensor View, Tensor?[]? Tensors) View(TensorIndex[] indices)
        {
            var view = alias();
            var tensors = new List<Tensor?>();
            long axis = 0;
            foreach (var entry in indices)
            {
                switch (entry.kind)
                {
                    case TensorIndex.Kind.Single:
                        Step(ref view, view.select(axis, entry.start ?? 0));
                        break;
                    case TensorIndex.Kind.Slice:
                        Step(ref view, Ops.slice_Tensor.T(view, axis, entry.start, entry.stop, entry.step ?? 1));
                        axis++;
                        break;
                    case TensorIndex.Kind.None or TensorIndex.Kind.Null:
                        Step(ref view, view.unsqueeze(axis));
                        axis++;
                        break;
                    case TensorIndex.Kind.Bool:
                        Step(ref view, view.unsqueeze(axis));
                        Pad(tensors, axis);
                        tensors.Add(torch.tensor([entry.start != 0], ScalarType.Bool, device));
                        axis++;
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        axis = view.Dimensions - Consumed(indices);
                        break;
                    default:
                        Pad(tensors, axis);
                        tensors.Add(entry.tensor!);
                        // A mask spans as many axes as it has.
                        axis += Axes(entry.tensor!);
                        break;
                }
            }
            return (view, tensors.Count == 0 ? null : [.. tensors]);
        }

        private static void Step(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }

        /// <summary>A mask of k axes stands for k entries; the list has one entry for it.</summary>
        private static void Pad(List<Tensor?> tensors, long axis)
        {
            var covered = tensors.Sum(tensor => tensor is null ? 1 : Axes(tensor));
            for (; covered < axis; covered++) tensors.Add(null);
        }

        private static long Axes(Tensor index) => index.dtype is ScalarType.Bool or ScalarType.Byte ? index.Dimensions : 1;

        /// <summary>How many axes of the tensor the entries after the ellipsis take.</summary>
        private static long Consumed(TensorIndex[] indices) => indices
            .SkipWhile(entry => entry.kind != TensorIndex.Kind.Ellipsis)
            .Sum(entry => entry.kind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1L,
                TensorIndex.Kind.Tensor => Axes(entry.tensor!),
                _ => 0L,
            });

        private static void Discard(Tensor view, Tensor?[]? tensors, TensorIndex[] indices)
        {
            view.Dispose();
            if (tensors is null) return;
            foreach (var tensor in tensors)
            {
                // Those made here from truth values; the others are the caller's.
                if (tensor is not null && !indices.Any(entry => ReferenceEquals(entry.tensor, tensor))) tensor.Dispose();
            }
        }
    }
}
