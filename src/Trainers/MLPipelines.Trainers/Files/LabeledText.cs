namespace MLPipelines.Trainers.Files;

/// <summary>A row of a data file: its texts and its labels with their probabilities, 1 where the file does not say.</summary>
sealed record LabeledText(long Line, string Text, string SecondText, IReadOnlyList<string> Labels, IReadOnlyList<float> Probabilities);
