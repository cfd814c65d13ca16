using System.CommandLine;
using System.Globalization;
using MLPipelines.Checkpoints;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp convert</c>: published weights as safetensors.</summary>
internal sealed class ConvertCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IN") { Description = "A checkpoint directory (config.json, vocab.txt and pytorch_model.bin or model.safetensors), or a file of tensors." };
        var output = new Argument<string>("OUT-DIR") { Description = "Where to write model.safetensors and the other files of the checkpoint." };
        var precision = new Option<string?>("--dtype") { Description = "Precision of the weights [default: as they are].", HelpName = string.Join('|', CheckpointConverter.Precisions) };
        precision.AcceptOnlyFromAmong([.. CheckpointConverter.Precisions]);
        var command = new Command("convert", "Rewrite a checkpoint as safetensors, without executing anything in it. Example: mlp convert roformer_chinese_char_base converted --dtype bfloat16") { input, output, precision };
        command.SetAction(parsed =>
        {
            var directory = parsed.GetRequiredValue(output);
            if (File.Exists(directory))
            {
                throw new UsageException($"OUT-DIR: found the file {directory}, expected a directory.");
            }

            var converted = CheckpointConverter.Convert(parsed.GetRequiredValue(input), directory, parsed.GetValue(precision));
            foreach (var warning in converted.Warnings)
            {
                terminal.Warn(warning);
            }

            terminal.Say(string.Create(
                CultureInfo.InvariantCulture, $"Wrote {directory}: {converted.Format ?? "tensors"}, {converted.Tensors} tensors, {converted.Numbers:N0} numbers, {converted.Bytes:N0} bytes."));
            return Tool.Success;
        });
        return command;
    }
}
