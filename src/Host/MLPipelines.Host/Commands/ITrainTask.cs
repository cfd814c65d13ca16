using System.CommandLine;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary>One kind of training: <c>mlp train NAME</c>. Every class that implements it is found and added by <see cref="TrainCommand"/>.</summary>
internal interface ITrainTask
{
    /// <summary>Declares the command with its options and action.</summary>
    Command Create(Terminal terminal);
}
