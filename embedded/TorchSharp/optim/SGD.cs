using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public class SGD : OptimizerHelper
    {
        public SGD(
            IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
            bool maximize = false) : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(
            IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
            bool maximize = false)
        {
            if (lr < 0.0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (momentum < 0.0) throw new ArgumentException($"Invalid momentum value: {momentum}");
            if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
            foreach (var group in parameters)
            {
                var options = group.Options ??= new Options();
                options.LearningRate ??= lr;
                options.momentum ??= momentum;
                options.dampening ??= dampening;
                options.weight_decay ??= weight_decay;
                options.nesterov ??= nesterov;
                options.maximize ??= maximize;
                Add(group);
            }
        }

        private protected override void Update(Parameter parameter, Tensor gradient, Modules.ParamGroup group)
        {
            var options = (Options)group.Options;
            var (momentum, decay) = (options.momentum!.Value, options.weight_decay!.Value);
            if (decay != 0) gradient = gradient.add(parameter, alpha: decay);
            if (momentum != 0)
            {
                var first = false;
                var velocity = State(parameter, () =>
                {
                    first = true;
                    return [gradient.clone()];
                })[0];
                if (!first) velocity.mul_(momentum).add_(gradient, alpha: 1 - options.dampening!.Value);
                gradient = options.nesterov!.Value ? gradient.add(velocity, alpha: momentum) : velocity;
            }
            parameter.add_(gradient, alpha: options.maximize!.Value ? group.LearningRate : -group.LearningRate);
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
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
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(
                IEnumerable<Modules.Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
