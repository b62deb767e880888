"""arXiv's categories: what they are called, and where each stands in the tree of sets of OAI-PMH."""

from collections.abc import Iterator

# Archives that stand under the group "physics"; the others are groups of their own.
_PHYSICS = {
    "astro-ph": "Astrophysics", "cond-mat": "Condensed Matter",
    "gr-qc": "General Relativity and Quantum Cosmology", "hep-ex": "High Energy Physics - Experiment",
    "hep-lat": "High Energy Physics - Lattice", "hep-ph": "High Energy Physics - Phenomenology",
    "hep-th": "High Energy Physics - Theory", "math-ph": "Mathematical Physics", "nlin": "Nonlinear Sciences",
    "nucl-ex": "Nuclear Experiment", "nucl-th": "Nuclear Theory", "physics": "Physics",
    "quant-ph": "Quantum Physics",
}  # fmt: skip
_OTHERS = {
    "cs": "Computer Science", "econ": "Economics", "eess": "Electrical Engineering and Systems Science",
    "math": "Mathematics", "q-bio": "Quantitative Biology", "q-fin": "Quantitative Finance",
    "stat": "Statistics",
}  # fmt: skip
ARCHIVES = _PHYSICS | _OTHERS
_SUBJECTS = {
    "astro-ph": "CO Cosmology and Nongalactic Astrophysics|EP Earth and Planetary Astrophysics"
    "|GA Astrophysics of Galaxies|HE High Energy Astrophysical Phenomena"
    "|IM Instrumentation and Methods for Astrophysics|SR Solar and Stellar Astrophysics",
    "cond-mat": "dis-nn Disordered Systems and Neural Networks|mes-hall Mesoscale and Nanoscale Physics"
    "|mtrl-sci Materials Science|other Other Condensed Matter|quant-gas Quantum Gases"
    "|soft Soft Condensed Matter|stat-mech Statistical Mechanics|str-el Strongly Correlated Electrons"
    "|supr-con Superconductivity",
    "nlin": "AO Adaptation and Self-Organizing Systems|CD Chaotic Dynamics"
    "|CG Cellular Automata and Lattice Gases|PS Pattern Formation and Solitons"
    "|SI Exactly Solvable and Integrable Systems",
    "physics": "acc-ph Accelerator Physics|ao-ph Atmospheric and Oceanic Physics|app-ph Applied Physics"
    "|atm-clus Atomic and Molecular Clusters|atom-ph Atomic Physics|bio-ph Biological Physics"
    "|chem-ph Chemical Physics|class-ph Classical Physics|comp-ph Computational Physics"
    "|data-an Data Analysis, Statistics and Probability|ed-ph Physics Education|flu-dyn Fluid Dynamics"
    "|gen-ph General Physics|geo-ph Geophysics|hist-ph History and Philosophy of Physics"
    "|ins-det Instrumentation and Detectors|med-ph Medical Physics|optics Optics|plasm-ph Plasma Physics"
    "|pop-ph Popular Physics|soc-ph Physics and Society|space-ph Space Physics",
    "cs": "AI Artificial Intelligence|AR Hardware Architecture|CC Computational Complexity"
    "|CE Computational Engineering, Finance, and Science|CG Computational Geometry"
    "|CL Computation and Language|CR Cryptography and Security|CV Computer Vision and Pattern Recognition"
    "|CY Computers and Society|DB Databases|DC Distributed, Parallel, and Cluster Computing"
    "|DL Digital Libraries|DM Discrete Mathematics|DS Data Structures and Algorithms"
    "|ET Emerging Technologies|FL Formal Languages and Automata Theory|GL General Literature|GR Graphics"
    "|GT Computer Science and Game Theory|HC Human-Computer Interaction|IR Information Retrieval"
    "|IT Information Theory|LG Machine Learning|LO Logic in Computer Science|MA Multiagent Systems"
    "|MM Multimedia|MS Mathematical Software|NA Numerical Analysis|NE Neural and Evolutionary Computing"
    "|NI Networking and Internet Architecture|OH Other Computer Science|OS Operating Systems|PF Performance"
    "|PL Programming Languages|RO Robotics|SC Symbolic Computation|SD Sound|SE Software Engineering"
    "|SI Social and Information Networks|SY Systems and Control",
    "econ": "EM Econometrics|GN General Economics|TH Theoretical Economics",
    "eess": "AS Audio and Speech Processing|IV Image and Video Processing|SP Signal Processing"
    "|SY Systems and Control",
    "math": "AC Commutative Algebra|AG Algebraic Geometry|AP Analysis of PDEs|AT Algebraic Topology"
    "|CA Classical Analysis and ODEs|CO Combinatorics|CT Category Theory|CV Complex Variables"
    "|DG Differential Geometry|DS Dynamical Systems|FA Functional Analysis|GM General Mathematics"
    "|GN General Topology|GR Group Theory|GT Geometric Topology|HO History and Overview"
    "|IT Information Theory|KT K-Theory and Homology|LO Logic|MG Metric Geometry|MP Mathematical Physics"
    "|NA Numerical Analysis|NT Number Theory|OA Operator Algebras|OC Optimization and Control"
    "|PR Probability|QA Quantum Algebra|RA Rings and Algebras|RT Representation Theory"
    "|SG Symplectic Geometry|SP Spectral Theory|ST Statistics Theory",
    "q-bio": "BM Biomolecules|CB Cell Behavior|GN Genomics|MN Molecular Networks|NC Neurons and Cognition"
    "|OT Other Quantitative Biology|PE Populations and Evolution|QM Quantitative Methods"
    "|SC Subcellular Processes|TO Tissues and Organs",
    "q-fin": "CP Computational Finance|EC Economics|GN General Finance|MF Mathematical Finance"
    "|PM Portfolio Management|PR Pricing of Securities|RM Risk Management|ST Statistical Finance"
    "|TR Trading and Market Microstructure",
    "stat": "AP Applications|CO Computation|ME Methodology|ML Machine Learning|OT Other Statistics"
    "|TH Statistics Theory",
}


def _categories() -> Iterator[tuple[str, str]]:
    yield from ((name, title) for name, title in ARCHIVES.items())
    for archive, subjects in _SUBJECTS.items():
        for subject in subjects.split("|"):
            short, _, title = subject.partition(" ")
            yield f"{archive}.{short}", title


NAMES = dict(_categories())  # of archives and their categories


def set_of(category: str) -> str:
    """The OAI set of a category or archive.

    >>> set_of("cs.AI"), set_of("hep-th"), set_of("astro-ph.CO"), set_of("stat")
    ('cs:cs:AI', 'physics:hep-th', 'physics:astro-ph:CO', 'stat')
    >>> set_of("physics"), set_of("q-bio.NC")
    ('physics:physics', 'q-bio:q-bio:NC')
    """
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    if subject:
        return f"{group}:{archive}:{subject}"
    # The set "physics" alone is the whole group, hep-th and all.
    return f"{group}:{archive}" if archive in _PHYSICS else archive


def all_sets() -> dict[str, str]:
    """Every set and its name, groups first, each before what is in it."""
    groups = {"physics": "Physics"} | _OTHERS
    archives = {set_of(name): title for name, title in _PHYSICS.items()}
    subjects = {set_of(name): title for name, title in NAMES.items() if "." in name}
    return groups | archives | subjects


def categories_of(in_set: str) -> tuple[str, ...] | None:
    """What a set holds, as categories and whole archives; None for one that is unknown.

    Sets of old are known too: "physics:hep-th", "math", and "cs:cs" for what is "cs" now.

    >>> categories_of("cs:cs:AI"), categories_of("math"), categories_of("physics:hep-th")
    (('cs.AI',), ('math',), ('hep-th',))
    >>> len(categories_of("physics")), categories_of("cs:cs:XX")
    (13, None)
    """
    if in_set == "physics":
        return tuple(_PHYSICS)
    group, _, rest = in_set.partition(":")
    archive, _, subject = (rest or group).partition(":")
    category = f"{archive}.{subject}" if subject else archive
    is_there = category in NAMES and group == ("physics" if archive in _PHYSICS else archive)
    return (category,) if is_there else None
