using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected Optimizer()
            {
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => Groups;

            private protected List<ParamGroup> Groups { get; } = [];

            public virtual IEnumerable<Parameter> parameters() => Groups.SelectMany(group => group.Parameters);

            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            /// <summary>One step; the closure, if given, computes the loss (and its gradients) beforehand.</summary>
            public virtual Tensor step(Func<Tensor>? closure = null)
            {
                Tensor? loss = null;
                if (closure is not null)
                {
                    using var with = enable_grad();
                    loss = closure();
                }
                using var without = no_grad();
                using var scope = NewDisposeScope();
                foreach (var group in Groups)
                {
                    foreach (var parameter in group.Parameters)
                    {
                        if (parameter.grad is { } gradient) Update(parameter, gradient, group);
                    }
                }
                return loss!;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            private protected abstract void Update(Parameter parameter, Tensor gradient, ParamGroup group);
        }
    }
}
