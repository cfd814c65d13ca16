using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Ops.linear.T(input, weights, bias);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0) => Ops.softplus.T(x, beta, threshold);

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Ops.dropout_.On(input, p, training).alias() : Ops.dropout.T(input, p, training);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Ops.layer_norm.T(input, normalized_shape, weight, bias, eps);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Ops.one_hot.T(x, num_classes);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) => Ops.cosine_similarity.T(x1, x2, dim, eps);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode == PaddingModes.Constant
                ? Ops.constant_pad_nd.T(input, pad, value)
                : Ops.pad.T(input, pad, mode switch
                {
                    PaddingModes.Reflect => "reflect",
                    PaddingModes.Replicate => "replicate",
                    PaddingModes.Circular => "circular",
                    _ => throw new ArgumentException("Unsupported padding mode.", nameof(mode)),
                });

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (long[])[pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (long[])[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>libtorch's own operator where it has one, else the formula that it stands for.</summary>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false) =>
                Ops.scaled_dot_product_attention.Exists
                    ? Ops.scaled_dot_product_attention.T(query, key, value, attn_mask, p, is_casual)
                    : Attention(query, key, value, attn_mask, p, is_casual);

            private static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                if (mask is not null && causal) throw Native.Failure("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
                using var scope = NewDisposeScope();
                var shape = query.shape;
                var scores = (query * (1 / Math.Sqrt(shape[^1]))).matmul(key.transpose(-2, -1)); // [..., L, S]
                if (causal) mask = torch.ones(shape[^2], key.shape[^2], ScalarType.Bool, query.device).tril();
                if (mask is { dtype: ScalarType.Bool }) scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                else if (mask is not null) scores = scores + mask;
                return dropout(scores.softmax(-1), p).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
