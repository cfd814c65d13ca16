using Microsoft.ML.Runtime;

namespace Microsoft.ML.Numeric;

/// <summary>The value of a function at a point; its gradient is written.</summary>
internal delegate float DifferentiableFunction(float[] point, float[] gradient);

/// <summary>
/// Minimises a function with L-BFGS: the way down is the gradient, or what the problem makes of it, times an estimate of the inverse Hessian
/// from the last steps; how far to go along it is found by the problem's line search. Source: Nocedal and Wright, Numerical Optimization, 7.2.
/// </summary>
internal sealed class Lbfgs
{
    private readonly IHost _host;
    private readonly DifferentiableFunction _function;
    private readonly Descent _problem;
    private readonly CurvatureHistory _history;
    private readonly DescentState _state;

    public Lbfgs(IHost host, DifferentiableFunction function, Descent problem, float[] first, int memory)
    {
        _host = host;
        _problem = problem;
        _function = (point, gradient) => problem.Evaluate(function, point, gradient);
        _history = new CurvatureHistory(memory);
        problem.MakeFeasible(first);
        _state = new DescentState(first);
    }

    /// <exception cref="PrematureConvergenceException">There is no way down.</exception>
    public float[] Minimise(MeanImprovement criterion, out float value)
    {
        using var channel = _host.Start("LBFGS Optimizer");
        channel.Info("Beginning optimization");
        channel.Info("num vars: {0}", _state.Point.Length);
        channel.Info("improvement criterion: {0}", "Mean Improvement");
        _state.LastValue = _function(_state.Point, _state.Gradient);
        _state.Value = _state.LastValue;
        Descent.CheckFinite(channel, _state.LastValue);
        _problem.ChooseDirection(_state, _history);
        while (true)
        {
            _host.CheckAlive();
            if (!_problem.LineSearch(channel, _function, _state, force: false))
            {
                // The history may have become inexact: start anew with the gradient alone.
                _history.Clear();
                _problem.ChooseDirection(_state, _history);
                _problem.LineSearch(channel, _function, _state, force: true);
            }
            if (criterion.IsReached(_state.LastValue, _state.Value, _state.Iteration))
            {
                value = _state.Value;
                return _state.NewPoint;
            }
            _history.Add(_state);
            _state.Advance();
            _problem.ChooseDirection(_state, _history);
        }
    }
}
