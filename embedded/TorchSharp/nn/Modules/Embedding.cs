using TorchSharp.Interop;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long paddingIndex;
        private readonly bool scaleGradient;
        private readonly bool sparse;

        [ComponentName(Name = "weight")]
        private Parameter weightParameter;

        internal Embedding(Tensor? table, long count, long width, bool freeze, long? padding, bool scaleGradient, bool sparse) : base(nameof(Embedding))
        {
            paddingIndex = padding is { } given ? given < 0 ? given + count : given : -1;
            this.scaleGradient = scaleGradient;
            this.sparse = sparse;
            if (table is null)
            {
                weightParameter = Linear.Fresh([count, width]);
                nn.init.normal_(weightParameter);
                using var without = no_grad();
                using var padded = paddingIndex >= 0 ? weightParameter[paddingIndex] : null;
                padded?.zero_();
            }
            else weightParameter = (Parameter)new Parameter(table.detach(), !freeze).DetachFromDisposeScope();
            RegisterComponents();
        }

        /// <summary>A new handle to the same parameter at each call, as in TorchSharp.</summary>
        public Parameter? weight
        {
            get => new(weightParameter.NewReference());
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                Linear.Replace(ref weightParameter!, value);
                ConditionallyRegisterParameter(nameof(weight), value);
            }
        }

        public override Tensor forward(Tensor input) => Ops.embedding.T(weightParameter, input, paddingIndex, scaleGradient, sparse);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                WithoutNorm(max_norm);
                return new Modules.Embedding(null, num_embeddings, embedding_dims, false, padding_idx, scale_grad_by_freq, sparse)
                    .MoveModule<Modules.Embedding>(device, dtype);
            }

            public static Modules.Embedding Embedding_from_pretrained(
                Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                WithoutNorm(max_norm);
                return new Modules.Embedding(embeddings, embeddings.shape[0], embeddings.shape[1], freeze, padding_idx, scale_grad_by_freq, sparse)
                    .MoveModule<Modules.Embedding>(device, dtype);
            }

            private static void WithoutNorm(double? maximum)
            {
                if (maximum is not null) throw new NotSupportedException("The embedded TorchSharp has no embeddings with a maximum norm.");
            }
        }
    }
}
