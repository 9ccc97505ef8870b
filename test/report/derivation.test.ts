import { describe, expect, test } from 'vitest';
import { derivationJson } from '../../src/report/derivation-json.ts';
import { derivationLatex } from '../../src/report/derivation-latex.ts';
import { derivationMarkdown } from '../../src/report/derivation-markdown.ts';
import { derivationText } from '../../src/report/derivation-text.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { sectionsOf } from '../../src/report/sections.ts';
import { latexSentence, markdownSentence, unicodeSentence } from '../../src/report/sentences.ts';
import { columns } from '../../src/report/text.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { shippedSpecs } from '../../src/spec/shipped.ts';
import { dense } from './fixture.ts';

const shipped = (path: string): { file: string; text: string } => ({ file: `specs/${path}`, text: shippedSpecs[path] ?? '' });
const networks = Object.keys(shippedSpecs).filter((path) => path.startsWith('networks/'))
  .map((path) => deriveSpec(shipped(path), shippedLibrary));

describe('a derivation as text', () => {
  const text = derivationText(dense);
  test('every step with its chain of equalities, each with its rule', () => {
    expect(text).toContain([
      '(4)  The gradient of W. (∀ i, j, ∀ k = 1..N)',
      '       ∂E/∂Wᵢⱼ⁽ᵏ⁾ = Σₚ ∂E/∂aₚ⁽ᵏ⁾ · ∂aₚ⁽ᵏ⁾/∂Wᵢⱼ⁽ᵏ⁾     chain-rule',
      '                  = Σₚ δₚ⁽ᵏ⁾ zⱼ⁽ᵏ⁻¹⁾                  differentiation',
      '                  = δᵢ⁽ᵏ⁾ · zⱼ⁽ᵏ⁻¹⁾                   delta-contraction',
      '       in columns:  ∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ z⁽ᵏ⁻¹⁾ᵀ',
      '       in rows:     ∂E/∂W⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ · δ⁽ᵏ⁾',
      '       [specs/layers/dense.yaml:9 · agrees with direct differentiation]',
    ].join('\n'));
  });
  test('a bracket lies exactly below the shared factors', () => {
    const lines = text.split('\n');
    const at = lines.findIndex((l) => l.includes('└─ shared'));
    const [above, below] = [lines[at - 1] ?? '', lines[at] ?? ''];
    expect(above.slice(below.indexOf('└'), below.indexOf('┘') + 1)).toBe('∂E/∂z⁽ᵏ⁾ · ∂z⁽ᵏ⁾/∂a⁽ᵏ⁾');
  });
  test('the summary stands in a frame whose lines end below each other', () => {
    const frame = text.split('\n').filter((l) => /^[┌│└]/.test(l));
    expect(frame).toHaveLength(4);
    expect(new Set(frame.map((l) => Array.from(l).length)).size).toBe(1);
  });
  test('combining marks take no room', () => {
    expect(columns([['W̃', 'x'], ['W', 'y']])).toEqual(['W̃  x', 'W  y']);
  });
  test('definitions are written with :=, the settings at the top', () => {
    expect(text).toContain('δᵢ⁽ᵏ⁾ := ∂E/∂aᵢ⁽ᵏ⁾');
    expect(text.split('\n').slice(0, 4)).toEqual([
      'The layer dense', '═══════════════', 'Signal: δ = ∂E/∂a. Bias: separate.', 'Assumed: the neighbouring layers are of its kind']);
  });
});

describe('what readers are spared', () => {
  const deep = networks.find((n) => n.name === 'deep');
  const lines = (text: string): readonly string[] => text.split('\n');
  const columnsIn = (line: string): number => Array.from(line.replace(/\p{M}/gu, '')).length;
  test('no line is longer than about 100 columns', () => {
    for (const network of networks) for (const line of lines(derivationText(network))) expect(columnsIn(line), line).toBeLessThanOrEqual(110);
  });
  test('a long formula goes on below its first term, and its rule stands at its end', () => {
    const text = lines(derivationText(deriveSpec(shipped('activations/gelu-tanh.yaml'), shippedLibrary)));
    const at = text.findIndex((l) => l.includes('h′(a) ='));
    expect(text.slice(at, at + 3)).toEqual([
      '       h′(a) = ½ (1 + tanh(√(2 / π) · (a + 0.044715 a³)))',
      '               + ½ a · (1 - tanh²(√(2 / π) · (a + 0.044715 a³))) · √(2 / π)',
      '                 · (1 + 0.134145 a²)     differentiation',
    ]);
  });
  test('nor is a row of LaTeX: it goes on in the next', () => {
    const text = derivationMarkdown(deriveSpec(shipped('activations/gelu-tanh.yaml'), shippedLibrary));
    expect(text).toContain('\\right) \\\\ &\\qquad + \\frac{1}{2} a');
  });
  test('vector forms that are harder to read than the components, and log1p beside log', () => {
    for (const network of networks) {
      const forms = lines(derivationText(network)).filter((l) => /^ +in (columns|rows|vectors):/.test(l));
      for (const form of forms) expect(form).not.toMatch(/diag\{[^}]*diag|log1p|expm1/);
    }
    expect(derivationText(deep!)).not.toMatch(/in (columns|rows): .*tanh\(/);
    // Ones repeat a row or add up the columns of a matrix; where there are vectors alone, they are not needed.
    expect(derivationText(deep!)).not.toContain('𝟏ᵀ');
  });
  test('words that say nothing: what is a definition is not verified', () => {
    expect(derivationText(dense)).not.toMatch(/\[(counted|definition)\]|· definition\]/);
  });
});

describe('what is said without indices', () => {
  const steps = (path: string): string => derivationText(deriveSpec(shipped(path), shippedLibrary));
  test('an einsum, where no matrices say it, also for all samples', () => {
    const text = steps('networks/multi-head-attention.yaml');
    expect(text).toContain("einsum:      S⁽²⁾ = einsum('htd,hsd->hts', Q⁽²⁾, K⁽²⁾) / √width⁽²⁾");
    expect(text).toContain("einsum:      ∂E/∂W⁽¹⁾ = einsum('sti,stj->ij', δ⁽¹⁾, x)");
    expect(steps('layers/dense.yaml').match(/einsum:.*/g)).toEqual(["einsum:      ∂E/∂W⁽ᵏ⁾ = einsum('si,sj->ij', δ⁽ᵏ⁾, z⁽ᵏ⁻¹⁾)"]);
  });
  test('in every format', () => {
    const derivation = deriveSpec(shipped('networks/multi-head-attention.yaml'), shippedLibrary);
    expect(derivationMarkdown(derivation)).toContain('Einsum: $S^{(2)} = \\frac{\\mathrm{einsum}(\\mathtt{htd{,}hsd{\\to}hts},\\; Q^{(2)}, K^{(2)})}');
    expect(derivationLatex(derivation)).toContain('einsum: \\( O^{(2)} = \\mathrm{einsum}(');
    expect(derivationJson(derivation).steps.map((s) => s.vector.einsum?.unicode)).toContain("O⁽²⁾ = einsum('hts,hsd->htd', P⁽²⁾, V⁽²⁾)");
  });
  test('which sums are correlations and which convolutions', () => {
    const text = steps('networks/conv2d.yaml');
    expect(text).toContain('Over u and v a correlation: m + u - 2 and n + v - 2 rise as u and v rise.');
    expect(text).toContain('Over i and j a convolution: m - 2i + 3 and n - 2j + 3 fall as i and j rise, as in a');
    expect(steps('networks/article.yaml')).not.toMatch(/correlation|convolution/);
  });
  test('no zeros of matrices', () => {
    for (const network of networks) expect(derivationText(network)).not.toContain('= 0 𝟏');
  });
});

describe('chains', () => {
  test('what two layers share is marked in both', () => {
    const text = derivationText(deriveSpec(shipped('layers/dense.yaml'), shippedLibrary));
    expect(text.match(/└─ shared ─+┘/g)).toHaveLength(4);
  });
  test('the heading speaks of layer N only where the steps do', () => {
    const heading = (path: string): string | undefined =>
      sectionsOf(deriveSpec(shipped(path), shippedLibrary)).find((s) => s.id === 'chains')?.title;
    expect(heading('layers/dense.yaml')).toBe('Layer N and layer N-1 as chains');
    expect(heading('networks/gated.yaml')).toBe('Chains');
  });
});

describe('the header', () => {
  test('says the signal and the layouts in every format', () => {
    expect(derivationMarkdown(dense)).toContain('Signal: $\\delta = \\frac{\\partial E}{\\partial a}$. Bias: separate.');
    expect(derivationLatex(dense)).toContain('\\noindent Signal: \\( \\delta = \\frac{\\partial E}{\\partial a} \\). Bias: separate.');
    for (const text of [derivationText(dense), derivationMarkdown(dense), derivationLatex(dense)]) expect(text).toContain('In columns: a derivative has the shape');
  });
  test('has no empty line where there is nothing to say', () => {
    const text = derivationText(deriveSpec(shipped('activations/tanh.yaml'), shippedLibrary)).split('\n');
    expect(text[2]).toBe('');
    expect(text[3]).toMatch(/^── /);
  });
});

describe('a derivation as Markdown and LaTeX', () => {
  test('aligned equalities with their rules and conditions, numbered', () => {
    expect(derivationMarkdown(dense)).toContain(
      '\\begin{aligned} \\delta_i^{(k)} & := \\frac{\\partial E}{\\partial a_i^{(k)}} && \\text{definition} \\\\ & && \\forall i, \\quad \\forall k = 1, \\dots, N \\end{aligned} \\tag{3}');
  });
  test('a LaTeX document is ASCII, and closes what it opens', () => {
    for (const derivation of [dense, ...networks]) {
      const document = derivationLatex(derivation);
      expect(document).toMatch(/^[\n\x20-\x7e]*$/);
      for (const [open, close] of [[/\\begin\{/g, /\\end\{/g], [/\\left[(|\\]/g, /\\right[)|\\]/g], [/(?<!\\)\{/g, /(?<!\\)\}/g], [/\\\(/g, /\\\)/g]] as const) {
        expect(document.match(open)?.length).toBe(document.match(close)?.length);
      }
    }
  });
  test('no command that Markdown renderers refuse', () => {
    for (const network of networks) expect(derivationMarkdown(network)).not.toMatch(/\\operatorname|\\[{}|]/);
  });
});

describe('a derivation as JSON', () => {
  const json = derivationJson(dense);
  test('every step with both sides as strings and as data', () => {
    expect(json).toMatchObject({ format: 'backproof derivation', version: 1, name: 'dense', signal: 'a', bias: 'separate', signals: ['a@k', 'a@k-1', 'a@N'] });
    expect(json.steps[4]).toMatchObject({
      number: 5, section: 'summary', relation: '=', left: { unicode: 'δⱼ⁽ᵏ⁻¹⁾', latex: '\\delta_j^{(k-1)}', data: { kind: 'expression' } },
      vector: { odot: { unicode: 'δ⁽ᵏ⁻¹⁾ = (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)' }, diag: { unicode: 'δ⁽ᵏ⁻¹⁾ = δ⁽ᵏ⁾ · W⁽ᵏ⁾ · diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)}' } },
    });
    expect(json.sections.flatMap((s) => s.steps)).toEqual([1, 2, 3, 4, 5, 6]);
  });
  test('it is JSON through and through', () => {
    for (const network of networks) {
      const whole = derivationJson(network);
      expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
    }
  });
});

describe('sentences', () => {
  const letters = new Map([['j#2', 'l']]);
  test.each([
    ['the adjoint of W_tilde^(k-1)', 'the adjoint of W̃⁽ᵏ⁻¹⁾', 'the adjoint of $\\tilde{W}^{(k-1)}$'],
    ['`δ = ∂E/∂a^(k)`', 'δ = ∂E/∂a⁽ᵏ⁾', '$\\delta = \\partial E/\\partial a^{(k)}$'],
    ['the sum over `j#2` = 0..units_(k-1)', 'the sum over l = 0..units⁽ᵏ⁻¹⁾', 'the sum over $l$ = $0\\dots \\mathrm{units}^{(k-1)}$'],
    ['E of layer N-1 for k = 2..N, a sum', 'E of layer N-1 for k = 2..N, a sum', '$E$ of layer $N-1$ for $k = 2\\dots N$, a sum'],
    ['has 2(N-k)+3 factors', 'has 2(N-k)+3 factors', 'has $2(N-k)+3$ factors'],
    ["The network's input x is z^(0)", 'The network\'s input x is z⁽⁰⁾', "The network's input $x$ is $z^{(0)}$"],
    ['50% of `half-squared-error`', '50% of half-squared-error', '50\\% of \\texttt{half-squared-error}'],
    ['a sign 漢 that LaTeX does not know', 'a sign 漢 that LaTeX does not know', 'a sign $?$ that LaTeX does not know'],
    ['costs $5 & more_or_less', 'costs $5 & more_or_less', 'costs \\$5 \\& more\\_or\\_less'],
  ])('%s', (plain, unicode, latex) => {
    expect(unicodeSentence(plain, letters)).toBe(unicode);
    expect(latexSentence(plain, letters)).toBe(latex);
  });
  test('code stays code in Markdown', () => {
    expect(markdownSentence('see `a^(k)` in `specs/layers/dense.yaml:3`')).toBe('see $a^{(k)}$ in `specs/layers/dense.yaml:3`');
  });
});

describe('what can be derived', () => {
  test('an activation function: h and h′, through the output where that is possible', () => {
    const { steps } = deriveSpec(shipped('activations/tanh.yaml'), shippedLibrary);
    expect(steps.at(-1)?.right.map((r) => r.rule)).toEqual(['differentiation', 'through-output']);
  });
  test('a loss by itself: its derivative by the outputs', () => {
    expect(derivationText(deriveSpec(shipped('losses/half-squared-error.yaml'), shippedLibrary))).toMatch(/∂E\/∂yᵢ = yᵢ - tᵢ /);
  });
  test('a layer by itself, whose steps are no layers of a network', () => {
    const heading = (path: string): string | undefined => sectionsOf(deriveSpec(shipped(path), shippedLibrary)).find((s) => s.id === 'layers')?.title;
    expect(heading('layers/attention.yaml')).toBe('Backwards');
    expect(heading('networks/attention.yaml')).toBe('The layers of this network');
  });
  test('a penalty by itself is refused with the reason', () => {
    expect(() => deriveSpec(shipped('penalties/l2.yaml'), shippedLibrary)).toThrow('nothing-to-derive');
  });
  test('signals of layers without a pre-activation are outputs: ζ beside δ', () => {
    const text = derivationText(deriveSpec(shipped('networks/gated.yaml'), shippedLibrary));
    expect(text).toContain('Signal: δ = ∂E/∂a, ζ = ∂E/∂z.');
  });
});
