using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public class AdamW : OptimizerHelper
    {
        public AdamW(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
            bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public AdamW(
            IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
            bool amsgrad = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
            if (beta1 < 0 || beta1 >= 1.0) throw new ArgumentException($"Invalid beta1: {beta1}");
            if (beta2 < 0 || beta2 >= 1.0) throw new ArgumentException($"Invalid beta2: {beta2}");
            if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            foreach (var group in parameters)
            {
                var options = group.Options ??= new Options();
                options.LearningRate ??= lr;
                options.beta1 ??= beta1;
                options.beta2 ??= beta2;
                options.eps ??= eps;
                options.weight_decay ??= weight_decay;
                options.amsgrad ??= amsgrad;
                options.maximize ??= maximize;
                Add(group);
            }
        }

        private protected override void Update(Parameter parameter, Tensor gradient, Modules.ParamGroup group)
        {
            var options = (Options)group.Options;
            var (beta1, beta2, rate) = (options.beta1!.Value, options.beta2!.Value, group.LearningRate);
            if (options.maximize!.Value) gradient = -gradient;
            var state = State(parameter, () => 
            [
                zeros_like(parameter), zeros_like(parameter), zeros(1, dtype: ScalarType.Int64), options.amsgrad!.Value ? zeros_like(parameter) : zeros(0),
            ]);
            var (mean, square, count, largest) = (state[0], state[1], state[2], state[3]);
            var step = count.add_(1).ToInt64();

            parameter.mul_(1 - rate * options.weight_decay!.Value);
            mean.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            square.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);
            if (options.amsgrad!.Value) largest.copy_(maximum(largest, square));
            var deviation = (options.amsgrad.Value ? largest : square).sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, step))).add_(options.eps!.Value);
            parameter.addcdiv_(mean, deviation, value: -rate / (1 - Math.Pow(beta1, step)));
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
                bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
                })
            {
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.AdamW AdamW(
                IEnumerable<Modules.Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Modules.AdamW AdamW(
                IEnumerable<Modules.AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
