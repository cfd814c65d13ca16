using System.CommandLine;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary>One command of the tool. Every class that implements it is found and added by <see cref="Tool"/>.</summary>
internal interface IToolCommand
{
    /// <summary>Declares the command with its arguments, options and action.</summary>
    Command Create(Terminal terminal);
}
