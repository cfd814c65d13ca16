using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var scope = NewDisposeScope();
                using var without = no_grad();
                Tensor[] gradients = [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];
                if (gradients.Length == 0) return 0;
                var norms = stack(gradients.Select(gradient => linalg.vector_norm(gradient, norm_type).to(gradients[0].device)));
                var total = linalg.vector_norm(norms, norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                if (scale < 1)
                {
                    foreach (var gradient in gradients) gradient.mul_(scale);
                }
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var without = no_grad();
                foreach (var gradient in tensors.Select(tensor => tensor.grad).OfType<Tensor>()) gradient.clamp_(-clip_value, clip_value);
            }
        }
    }
}
